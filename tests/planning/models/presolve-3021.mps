NAME        
ROWS
 N  Obj     
 E  r0      
 E  r1      
 E  r2      
 E  r3      
 L  r4      
 L  r5      
 L  r6      
 L  r7      
 G  r8      
 L  r9      
 L  r10     
 L  r11     
 L  r12     
 L  r13     
 L  r14     
 L  r15     
 L  r16     
 L  r17     
 L  r18     
 L  r19     
 L  r20     
 L  r21     
 L  r22     
 L  r23     
 L  r24     
 L  r25     
 L  r26     
 L  r27     
 E  r28     
 E  r29     
 E  r30     
 L  r31     
 L  r32     
 L  r33     
 L  r34     
 L  r35     
 L  r36     
 L  r37     
 L  r38     
COLUMNS
    MARK0000  'MARKER'                 'INTORG'
    c0        r0        1
    c0        r16       1
    c0        r17       1
    c1        r1        1
    c2        r2        1
    c2        r10       29.7
    c2        r15       1
    c3        r2        1
    c3        r10       29.7
    c3        r16       1
    c4        r2        1
    c4        r9        29.7
    c4        r17       1
    c5        r3        1
    c5        r13       1
    c5        r18       1
    c5        r19       1
    c5        r23       1
    c5        r24       1
    c5        r25       1
    c5        r26       1
    c6        r3        1
    c6        r14       1
    c6        r19       1
    c6        r20       1
    c6        r24       1
    c6        r26       1
    c7        Obj       0.04
    c7        r0        -1
    c7        r4        1
    c7        r27       0.2
    c7        r28       0.98
    c7        r29       -1.13104182376805
    c8        Obj       0.04
    c8        r1        -1
    c8        r5        1
    c8        r8        1
    c8        r27       0.2
    c8        r28       1.4
    c8        r29       2
    c8        r37       -1
    c9        r2        -1
    c9        r6        1
    c9        r29       0.875
    c9        r38       -1
    c10       Obj       0.1
    c10       r3        -1
    c10       r7        1
    c10       r27       0.5
    c10       r28       0.791729276637635
    c10       r29       -1.4
    MARK0001  'MARKER'                 'INTEND'
    c11       r9        -1
    c11       r11       1
    c12       r10       -1
    c12       r12       1
    c13       r10       -1
    c13       r11       1
    MARK0002  'MARKER'                 'INTORG'
    c14       r13       -1
    c14       r15       1
    c14       r16       1
    c15       r13       -1
    c15       r18       1
    c15       r19       1
    c16       r13       -1
    c16       r21       1
    c16       r22       1
    c17       r14       -1
    c17       r16       1
    c17       r17       1
    c18       r14       -1
    c18       r19       1
    c18       r20       1
    MARK0003  'MARKER'                 'INTEND'
    c19       r28       -1
    c19       r33       -1
    c19       r34       -0.2
    c20       r29       -1
    c20       r35       -1
    c20       r36       -0.2
    c21       r30       -1
    c21       r31       -1
    c21       r32       -0.2
    c22       Obj       -0.5
    c22       r31       1
    c22       r32       1
    c23       Obj       -0.5
    c23       r33       1
    c23       r34       1
    c23       r35       1
    c23       r36       1
    c24       Obj       -0.25
    c24       r37       1
    c24       r38       1
RHS
    RHS_V     r4        1
    RHS_V     r5        1
    RHS_V     r6        1
    RHS_V     r7        1
    RHS_V     r8        1
    RHS_V     r11       20
    RHS_V     r12       80
    RHS_V     r15       2
    RHS_V     r16       2
    RHS_V     r17       2
    RHS_V     r18       2
    RHS_V     r19       2
    RHS_V     r20       2
    RHS_V     r21       1
    RHS_V     r22       1
    RHS_V     r27       1
    RHS_V     r32       0.8
    RHS_V     r34       0.8
    RHS_V     r36       0.8
BOUNDS
 BV BOUND     c0      
 BV BOUND     c1      
 BV BOUND     c2      
 BV BOUND     c3      
 BV BOUND     c4      
 BV BOUND     c5      
 BV BOUND     c6      
 BV BOUND     c7      
 BV BOUND     c8      
 BV BOUND     c9      
 BV BOUND     c10     
 UP BOUND     c11       41
 UP BOUND     c12       161
 UP BOUND     c13       41
 UI BOUND     c14       2
 UI BOUND     c15       2
 BV BOUND     c16     
 UI BOUND     c17       2
 UI BOUND     c18       2
 UP BOUND     c19       3.96345855327527
 LO BOUND     c20       -3.93104182376805
 UP BOUND     c20       4.625
 FX BOUND     c21       0
 UP BOUND     c22       1.1
 LO BOUND     c23       -3.93104182376805
 UP BOUND     c23       1.1
 UP BOUND     c24       1
ENDATA

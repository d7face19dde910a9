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
 E  r14     
 E  r15     
 E  r16     
 E  r17     
 L  r18     
 L  r19     
 L  r20     
 L  r21     
 L  r22     
 L  r23     
 L  r24     
 L  r25     
COLUMNS
    MARK0000  'MARKER'                 'INTORG'
    c0        r0        1
    c0        r9        3
    c0        r10       3
    c1        r0        1
    c1        r9        6
    c2        r1        1
    c2        r13       1
    c3        r2        1
    c4        r3        1
    c5        r3        1
    c6        r3        1
    c7        Obj       0.1
    c7        r0        -1
    c7        r4        1
    c7        r17       4
    c8        r1        -1
    c8        r5        1
    c8        r17       1
    c9        Obj       0.04
    c9        r2        -1
    c9        r6        1
    c9        r8        1
    c9        r14       0.333333333333333
    c10       Obj       0.04
    c10       r3        -1
    c10       r7        1
    c10       r14       0.188506970628008
    c10       r16       1.4
    MARK0001  'MARKER'                 'INTEND'
    c11       r9        -1
    c11       r11       1
    c12       r10       -1
    c12       r11       1
    c13       r10       -1
    c13       r12       1
    c14       r14       -1
    c14       r18       -1
    c14       r19       -0.2
    c15       r15       -1
    c15       r20       -1
    c15       r21       -0.2
    c16       r16       -1
    c16       r24       -1
    c16       r25       -0.2
    c17       r17       -1
    c17       r22       -1
    c17       r23       -0.2
    c18       Obj       -0.111111111111111
    c18       r18       1
    c18       r19       1
    c19       Obj       -0.277777777777778
    c19       r20       1
    c19       r21       1
    c20       Obj       -0.111111111111111
    c20       r22       1
    c20       r23       1
    c21       Obj       -0.5
    c21       r24       1
    c21       r25       1
RHS
    RHS_V     r4        1
    RHS_V     r5        1
    RHS_V     r6        1
    RHS_V     r7        1
    RHS_V     r8        1
    RHS_V     r11       20
    RHS_V     r12       80
    RHS_V     r13       1
    RHS_V     r19       0.8
    RHS_V     r21       0.8
    RHS_V     r23       0.8
    RHS_V     r25       0.8
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
 UP BOUND     c12       41
 UP BOUND     c13       161
 UP BOUND     c14       0.898854245217358
 FX BOUND     c15       0
 UP BOUND     c16       4.2
 UP BOUND     c17       9
 UP BOUND     c18       1.1
 UP BOUND     c19       1.1
 UP BOUND     c20       1.1
 UP BOUND     c21       1.1
ENDATA

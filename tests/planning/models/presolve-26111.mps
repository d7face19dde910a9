NAME        
ROWS
 N  Obj     
 E  r0      
 E  r1      
 L  r2      
 L  r3      
 E  r4      
 E  r5      
 E  r6      
 E  r7      
 E  r8      
 E  r9      
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
COLUMNS
    MARK0000  'MARKER'                 'INTORG'
    c0        r0        1
    c1        r0        1
    c2        r1        1
    c3        r1        1
    c4        Obj       0.002
    c4        r0        -1
    c4        r2        1
    c4        r6        -0.2
    c4        r23       -1
    c4        r24       0.000858555262666543
    c4        r25       -0.00381580116740686
    c5        Obj       0.002
    c5        r1        -1
    c5        r3        1
    c5        r4        0.18
    c5        r24       -0.000858555262666543
    c5        r25       0.00381580116740686
    MARK0001  'MARKER'                 'INTEND'
    c6        r4        -1
    c6        r10       -1
    c6        r11       -0.2
    c7        r5        -1
    c7        r12       -1
    c7        r13       -0.2
    c8        r6        -1
    c8        r14       -1
    c8        r15       -0.2
    c9        r7        -1
    c9        r16       -1
    c9        r17       -0.2
    c10       r8        -1
    c10       r18       -1
    c10       r19       -0.2
    c11       r9        -1
    c11       r20       -1
    c11       r21       -0.2
    c12       Obj       -0.0909090909090909
    c12       r10       1
    c12       r11       1
    c13       Obj       -0.0909090909090909
    c13       r12       1
    c13       r13       1
    c14       Obj       -0.357142857142857
    c14       r14       1
    c14       r15       1
    c15       Obj       -0.227272727272727
    c15       r16       1
    c15       r17       1
    c16       Obj       -0.0909090909090909
    c16       r18       1
    c16       r19       1
    c17       Obj       -0.142857142857143
    c17       r20       1
    c17       r21       1
    c18       Obj       -0.0160363636363636
    c18       r22       1
    c18       r23       1
    c19       Obj       0.178571428571429
    c19       r24       -1
    c20       Obj       0.113636363636364
    c20       r25       -1
RHS
    RHS_V     r2        1
    RHS_V     r3        1
    RHS_V     r11       0.8
    RHS_V     r13       0.8
    RHS_V     r15       0.8
    RHS_V     r17       0.8
    RHS_V     r19       0.8
    RHS_V     r21       0.8
BOUNDS
 BV BOUND     c0      
 BV BOUND     c1      
 BV BOUND     c2      
 BV BOUND     c3      
 BV BOUND     c4      
 BV BOUND     c5      
 UP BOUND     c6        0.36
 FX BOUND     c7        0
 LO BOUND     c8        -0.4
 UP BOUND     c8        0
 FX BOUND     c9        0
 FX BOUND     c10       0
 FX BOUND     c11       0
 UP BOUND     c12       1.1
 UP BOUND     c13       1.1
 LO BOUND     c14       -0.4
 UP BOUND     c14       1.1
 UP BOUND     c15       1.1
 UP BOUND     c16       1.1
 UP BOUND     c17       1.1
 UP BOUND     c18       1
 UP BOUND     c19       0.00171711052533309
 UP BOUND     c20       0.00763160233481372
ENDATA

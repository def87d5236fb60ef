#include "textflag.h"

// Twelve sums of eight numbers stay in Y0 to Y11, two a row; Y12 and Y13 hold
// the weights of one input, Y14 and Y15 one number of a row each.
#define TILE(x, w) \
	VMOVUPS      w(DX), Y12           \
	VMOVUPS      w+32(DX), Y13        \
	VBROADCASTSS x(SI), Y14           \
	VBROADCASTSS x(SI)(R8*1), Y15     \
	VFMADD231PS  Y12, Y14, Y0         \
	VFMADD231PS  Y13, Y14, Y1         \
	VFMADD231PS  Y12, Y15, Y2         \
	VFMADD231PS  Y13, Y15, Y3         \
	VBROADCASTSS x(SI)(R8*2), Y14     \
	VBROADCASTSS x(R9), Y15           \
	VFMADD231PS  Y12, Y14, Y4         \
	VFMADD231PS  Y13, Y14, Y5         \
	VFMADD231PS  Y12, Y15, Y6         \
	VFMADD231PS  Y13, Y15, Y7         \
	VBROADCASTSS x(R9)(R8*1), Y14     \
	VBROADCASTSS x(R9)(R8*2), Y15     \
	VFMADD231PS  Y12, Y14, Y8         \
	VFMADD231PS  Y13, Y14, Y9         \
	VFMADD231PS  Y12, Y15, Y10        \
	VFMADD231PS  Y13, Y15, Y11

// ROW adds two sums to the row at DI and moves on to the next.
#define ROW(a, b) \
	VADDPS  (DI), a, a    \
	VADDPS  32(DI), b, b  \
	VMOVUPS a, (DI)       \
	VMOVUPS b, 32(DI)     \
	ADDQ    R10, DI

// func tileAVX2(y, x, w []float32, ldy, ldx int)
TEXT ·tileAVX2(SB), NOSPLIT, $0-88
	MOVQ y_base+0(FP), DI
	MOVQ x_base+24(FP), SI
	MOVQ w_base+48(FP), DX
	MOVQ w_len+56(FP), CX
	MOVQ ldy+72(FP), R10
	MOVQ ldx+80(FP), R8
	SHLQ $2, R10
	SHLQ $2, R8
	LEAQ (R8)(R8*2), R9
	ADDQ SI, R9
	VXORPS Y0, Y0, Y0
	VXORPS Y1, Y1, Y1
	VXORPS Y2, Y2, Y2
	VXORPS Y3, Y3, Y3
	VXORPS Y4, Y4, Y4
	VXORPS Y5, Y5, Y5
	VXORPS Y6, Y6, Y6
	VXORPS Y7, Y7, Y7
	VXORPS Y8, Y8, Y8
	VXORPS Y9, Y9, Y9
	VXORPS Y10, Y10, Y10
	VXORPS Y11, Y11, Y11
	SHRQ $6, CX // four inputs of 16 weights a turn
tileLoop:
	TILE(0, 0)
	TILE(4, 64)
	TILE(8, 128)
	TILE(12, 192)
	ADDQ $16, SI
	ADDQ $16, R9
	ADDQ $256, DX
	DECQ CX
	JNZ  tileLoop
	ROW(Y0, Y1)
	ROW(Y2, Y3)
	ROW(Y4, Y5)
	ROW(Y6, Y7)
	ROW(Y8, Y9)
	ROW(Y10, Y11)
	VZEROUPPER
	RET

DATA inverse<>+0(SB)/4, $0x3c000000 // 1/128
GLOBL inverse<>(SB), RODATA, $4
DATA epsilon<>+0(SB)/4, $0x3727c5ac // 1e-5
GLOBL epsilon<>(SB), RODATA, $4
DATA one<>+0(SB)/4, $0x3f800000
GLOBL one<>(SB), RODATA, $4

// TOTAL leaves the sum of the numbers of Y0 to Y3 in every place of Y0.
#define TOTAL \
	VADDPS       Y1, Y0, Y0      \
	VADDPS       Y3, Y2, Y2      \
	VADDPS       Y2, Y0, Y0      \
	VEXTRACTF128 $1, Y0, X1      \
	VADDPS       X1, X0, X0      \
	VHADDPS      X0, X0, X0      \
	VHADDPS      X0, X0, X0      \
	VBROADCASTSS X0, Y0

// SUM adds 32 numbers of the row to Y0 to Y3.
#define SUM(at) \
	VADDPS at(SI), Y0, Y0     \
	VADDPS at+32(SI), Y1, Y1  \
	VADDPS at+64(SI), Y2, Y2  \
	VADDPS at+96(SI), Y3, Y3

// SQUARE adds the squares of the distances of 32 numbers from the mean, Y15.
#define SQUARE(at) \
	VMOVUPS     at(SI), Y4       \
	VMOVUPS     at+32(SI), Y5    \
	VMOVUPS     at+64(SI), Y6    \
	VMOVUPS     at+96(SI), Y7    \
	VSUBPS      Y15, Y4, Y4      \
	VSUBPS      Y15, Y5, Y5      \
	VSUBPS      Y15, Y6, Y6      \
	VSUBPS      Y15, Y7, Y7      \
	VFMADD231PS Y4, Y4, Y0       \
	VFMADD231PS Y5, Y5, Y1       \
	VFMADD231PS Y6, Y6, Y2       \
	VFMADD231PS Y7, Y7, Y3

// SCALE writes 16 normalised numbers; Y14 is one over the deviation.
#define SCALE(at) \
	VMOVUPS     at(SI), Y4            \
	VMOVUPS     at+32(SI), Y5         \
	VSUBPS      Y15, Y4, Y4           \
	VSUBPS      Y15, Y5, Y5           \
	VMULPS      Y14, Y4, Y4           \
	VMULPS      Y14, Y5, Y5           \
	VMOVUPS     at(R9), Y6            \
	VMOVUPS     at+32(R9), Y7         \
	VFMADD231PS at(R8), Y4, Y6        \
	VFMADD231PS at+32(R8), Y5, Y7     \
	VMOVUPS     Y6, at(DI)            \
	VMOVUPS     Y7, at+32(DI)

// func normAVX2(y, x, gain, bias []float32)
TEXT ·normAVX2(SB), NOSPLIT, $0-96
	MOVQ y_base+0(FP), DI
	MOVQ x_base+24(FP), SI
	MOVQ x_len+32(FP), CX
	MOVQ gain_base+48(FP), R8
	MOVQ bias_base+72(FP), R9
	VBROADCASTSS inverse<>(SB), Y13
	VBROADCASTSS epsilon<>(SB), Y12
	VBROADCASTSS one<>(SB), Y11
	SHRQ $7, CX
	JZ   normDone
normLoop:
	VXORPS Y0, Y0, Y0
	VXORPS Y1, Y1, Y1
	VXORPS Y2, Y2, Y2
	VXORPS Y3, Y3, Y3
	SUM(0)
	SUM(128)
	SUM(256)
	SUM(384)
	TOTAL
	VMULPS Y13, Y0, Y15
	VXORPS Y0, Y0, Y0
	VXORPS Y1, Y1, Y1
	VXORPS Y2, Y2, Y2
	VXORPS Y3, Y3, Y3
	SQUARE(0)
	SQUARE(128)
	SQUARE(256)
	SQUARE(384)
	TOTAL
	VMULPS  Y13, Y0, Y0
	VADDPS  Y12, Y0, Y0
	VSQRTPS Y0, Y0
	VDIVPS  Y0, Y11, Y14
	SCALE(0)
	SCALE(64)
	SCALE(128)
	SCALE(192)
	SCALE(256)
	SCALE(320)
	SCALE(384)
	SCALE(448)
	ADDQ $512, SI
	ADDQ $512, DI
	DECQ CX
	JNZ  normLoop
normDone:
	VZEROUPPER
	RET

// func reluAVX2(x, y []float32)
TEXT ·reluAVX2(SB), NOSPLIT, $0-48
	MOVQ x_base+0(FP), DI
	MOVQ x_len+8(FP), CX
	MOVQ y_base+24(FP), SI
	VXORPS Y15, Y15, Y15
	SHRQ $5, CX
	JZ   reluDone
reluLoop:
	VMAXPS  (SI), Y15, Y0
	VMAXPS  32(SI), Y15, Y1
	VMAXPS  64(SI), Y15, Y2
	VMAXPS  96(SI), Y15, Y3
	VADDPS  (DI), Y0, Y0
	VADDPS  32(DI), Y1, Y1
	VADDPS  64(DI), Y2, Y2
	VADDPS  96(DI), Y3, Y3
	VMOVUPS Y0, (DI)
	VMOVUPS Y1, 32(DI)
	VMOVUPS Y2, 64(DI)
	VMOVUPS Y3, 96(DI)
	ADDQ $128, SI
	ADDQ $128, DI
	DECQ CX
	JNZ  reluLoop
reluDone:
	VZEROUPPER
	RET

// What exp in kernel.go is made of; the bounds are such that adding the
// exponent to the bits of the polynomial stays a normal number.
DATA exps<>+0(SB)/4, $0x42ac0000  // 86
DATA exps<>+4(SB)/4, $0xc2ac0000  // -86
DATA exps<>+8(SB)/4, $0x3fb8aa3b  // log2 e
DATA exps<>+12(SB)/4, $0x3f318000 // ln 2, high part
DATA exps<>+16(SB)/4, $0xb95e8083 // ln 2, low part
DATA exps<>+20(SB)/4, $0x39506967 // the coefficients
DATA exps<>+24(SB)/4, $0x3ab743ce
DATA exps<>+28(SB)/4, $0x3c088908
DATA exps<>+32(SB)/4, $0x3d2aa9c1
DATA exps<>+36(SB)/4, $0x3e2aaaaa
DATA exps<>+40(SB)/4, $0x3f000000
GLOBL exps<>(SB), RODATA, $44

// func sigmoidAVX2(u []float32)
TEXT ·sigmoidAVX2(SB), NOSPLIT, $0-24
	MOVQ u_base+0(FP), DI
	MOVQ u_len+8(FP), CX
	VBROADCASTSS one<>(SB), Y15
	VBROADCASTSS exps<>+0(SB), Y14
	VBROADCASTSS exps<>+4(SB), Y13
	VBROADCASTSS exps<>+8(SB), Y12
	VBROADCASTSS exps<>+12(SB), Y11
	VBROADCASTSS exps<>+16(SB), Y10
	VBROADCASTSS exps<>+20(SB), Y9
	VBROADCASTSS exps<>+24(SB), Y8
	VBROADCASTSS exps<>+28(SB), Y7
	VBROADCASTSS exps<>+32(SB), Y6
	VBROADCASTSS exps<>+36(SB), Y5
	VBROADCASTSS exps<>+40(SB), Y4
	SHRQ $8, CX
	JZ   sigmoidDone
sigmoidRow:
	MOVQ $16, BX
sigmoidLoop:
	VMINPS       (DI), Y14, Y0
	VMAXPS       Y13, Y0, Y0
	VMULPS       Y12, Y0, Y1
	VROUNDPS     $0, Y1, Y1
	VFNMADD231PS Y11, Y1, Y0
	VFNMADD231PS Y10, Y1, Y0
	VMOVAPS      Y9, Y2
	VFMADD213PS  Y8, Y0, Y2
	VFMADD213PS  Y7, Y0, Y2
	VFMADD213PS  Y6, Y0, Y2
	VFMADD213PS  Y5, Y0, Y2
	VFMADD213PS  Y4, Y0, Y2
	VMULPS       Y0, Y0, Y3
	VADDPS       Y15, Y0, Y0
	VFMADD213PS  Y0, Y3, Y2
	VCVTPS2DQ    Y1, Y1
	VPSLLD       $23, Y1, Y1
	VPADDD       Y1, Y2, Y2
	VADDPS       Y15, Y2, Y3
	VDIVPS       Y3, Y2, Y2
	VMOVUPS      Y2, (DI)
	ADDQ $32, DI
	DECQ BX
	JNZ  sigmoidLoop
	ADDQ $512, DI
	DECQ CX
	JNZ  sigmoidRow
sigmoidDone:
	VZEROUPPER
	RET

// STEP moves eight states towards their candidates and writes them down.
#define STEP(at, state) \
	VMOVUPS     512+at(SI), Y8     \
	VSUBPS      state, Y8, Y8      \
	VFMADD231PS at(SI), Y8, state  \
	VMOVUPS     state, at(DI)

// SCAN runs over CX rows, R8 bytes of u and R9 of h apart.
#define SCAN(loop) \
	VXORPS Y0, Y0, Y0   \
	VXORPS Y1, Y1, Y1   \
	VXORPS Y2, Y2, Y2   \
	VXORPS Y3, Y3, Y3   \
	VXORPS Y4, Y4, Y4   \
	VXORPS Y5, Y5, Y5   \
	VXORPS Y6, Y6, Y6   \
	VXORPS Y7, Y7, Y7   \
loop:                   \
	STEP(0, Y0)         \
	STEP(32, Y1)        \
	STEP(64, Y2)        \
	STEP(96, Y3)        \
	STEP(128, Y4)       \
	STEP(160, Y5)       \
	STEP(192, Y6)       \
	STEP(224, Y7)       \
	ADDQ R8, SI         \
	ADDQ R9, DI         \
	DECQ CX             \
	JNZ  loop

// func scanAVX2(h, u []float32)
TEXT ·scanAVX2(SB), NOSPLIT, $0-48
	MOVQ h_base+0(FP), DI
	MOVQ h_len+8(FP), CX
	MOVQ u_base+24(FP), SI
	SHRQ $7, CX
	JZ   scanDone
	MOVQ CX, BX
	MOVQ $1024, R8
	MOVQ $512, R9
	SCAN(forwards)
	// Behind the last row; the other way starts at the last one, in the
	// second halves.
	SUBQ $768, SI
	SUBQ $256, DI
	MOVQ BX, CX
	MOVQ $-1024, R8
	MOVQ $-512, R9
	SCAN(backwards)
scanDone:
	VZEROUPPER
	RET

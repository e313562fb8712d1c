using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Grains.Training.Explicit;

/// <summary>
/// Has the innermost loops, one per width: 6 rows by 64, 32 or 16 columns of C are in registers. They are compiled at once, because a
/// compilation led by the first calls may keep C on the stack. That was seen to take four times as long.
/// </summary>
internal sealed unsafe partial class MatrixProduct
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile64(float** a_M, int aStep, float* panel, int depth, float* c, int cStep, bool add)
    {
        float* a0 = a_M[0], a1 = a_M[1], a2 = a_M[2], a3 = a_M[3], a4 = a_M[4], a5 = a_M[5];
        nint at = 0;
        Vector512<float> c00 = default, c01 = default, c02 = default, c03 = default;
        Vector512<float> c10 = default, c11 = default, c12 = default, c13 = default;
        Vector512<float> c20 = default, c21 = default, c22 = default, c23 = default;
        Vector512<float> c30 = default, c31 = default, c32 = default, c33 = default;
        Vector512<float> c40 = default, c41 = default, c42 = default, c43 = default;
        Vector512<float> c50 = default, c51 = default, c52 = default, c53 = default;
        for (; depth > 0; depth--, at += aStep, panel += 64)
        {
            var (b0, b1, b2, b3) = Load64(panel);
            var s0 = Vector512.Create(a0[at]);
            c00 = Vector512.FusedMultiplyAdd(s0, b0, c00);
            c01 = Vector512.FusedMultiplyAdd(s0, b1, c01);
            c02 = Vector512.FusedMultiplyAdd(s0, b2, c02);
            c03 = Vector512.FusedMultiplyAdd(s0, b3, c03);
            var s1 = Vector512.Create(a1[at]);
            c10 = Vector512.FusedMultiplyAdd(s1, b0, c10);
            c11 = Vector512.FusedMultiplyAdd(s1, b1, c11);
            c12 = Vector512.FusedMultiplyAdd(s1, b2, c12);
            c13 = Vector512.FusedMultiplyAdd(s1, b3, c13);
            var s2 = Vector512.Create(a2[at]);
            c20 = Vector512.FusedMultiplyAdd(s2, b0, c20);
            c21 = Vector512.FusedMultiplyAdd(s2, b1, c21);
            c22 = Vector512.FusedMultiplyAdd(s2, b2, c22);
            c23 = Vector512.FusedMultiplyAdd(s2, b3, c23);
            var s3 = Vector512.Create(a3[at]);
            c30 = Vector512.FusedMultiplyAdd(s3, b0, c30);
            c31 = Vector512.FusedMultiplyAdd(s3, b1, c31);
            c32 = Vector512.FusedMultiplyAdd(s3, b2, c32);
            c33 = Vector512.FusedMultiplyAdd(s3, b3, c33);
            var s4 = Vector512.Create(a4[at]);
            c40 = Vector512.FusedMultiplyAdd(s4, b0, c40);
            c41 = Vector512.FusedMultiplyAdd(s4, b1, c41);
            c42 = Vector512.FusedMultiplyAdd(s4, b2, c42);
            c43 = Vector512.FusedMultiplyAdd(s4, b3, c43);
            var s5 = Vector512.Create(a5[at]);
            c50 = Vector512.FusedMultiplyAdd(s5, b0, c50);
            c51 = Vector512.FusedMultiplyAdd(s5, b1, c51);
            c52 = Vector512.FusedMultiplyAdd(s5, b2, c52);
            c53 = Vector512.FusedMultiplyAdd(s5, b3, c53);
        }
        Store64(c, add, c00, c01, c02, c03);
        Store64(c + (1 * (nint)cStep), add, c10, c11, c12, c13);
        Store64(c + (2 * (nint)cStep), add, c20, c21, c22, c23);
        Store64(c + (3 * (nint)cStep), add, c30, c31, c32, c33);
        Store64(c + (4 * (nint)cStep), add, c40, c41, c42, c43);
        Store64(c + (5 * (nint)cStep), add, c50, c51, c52, c53);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile32(float** a_M, int aStep, float* panel, int depth, float* c, int cStep, bool add)
    {
        float* a0 = a_M[0], a1 = a_M[1], a2 = a_M[2], a3 = a_M[3], a4 = a_M[4], a5 = a_M[5];
        nint at = 0;
        Vector512<float> c00 = default, c01 = default;
        Vector512<float> c10 = default, c11 = default;
        Vector512<float> c20 = default, c21 = default;
        Vector512<float> c30 = default, c31 = default;
        Vector512<float> c40 = default, c41 = default;
        Vector512<float> c50 = default, c51 = default;
        for (; depth > 0; depth--, at += aStep, panel += 32)
        {
            var (b0, b1) = Load32(panel);
            var s0 = Vector512.Create(a0[at]);
            c00 = Vector512.FusedMultiplyAdd(s0, b0, c00);
            c01 = Vector512.FusedMultiplyAdd(s0, b1, c01);
            var s1 = Vector512.Create(a1[at]);
            c10 = Vector512.FusedMultiplyAdd(s1, b0, c10);
            c11 = Vector512.FusedMultiplyAdd(s1, b1, c11);
            var s2 = Vector512.Create(a2[at]);
            c20 = Vector512.FusedMultiplyAdd(s2, b0, c20);
            c21 = Vector512.FusedMultiplyAdd(s2, b1, c21);
            var s3 = Vector512.Create(a3[at]);
            c30 = Vector512.FusedMultiplyAdd(s3, b0, c30);
            c31 = Vector512.FusedMultiplyAdd(s3, b1, c31);
            var s4 = Vector512.Create(a4[at]);
            c40 = Vector512.FusedMultiplyAdd(s4, b0, c40);
            c41 = Vector512.FusedMultiplyAdd(s4, b1, c41);
            var s5 = Vector512.Create(a5[at]);
            c50 = Vector512.FusedMultiplyAdd(s5, b0, c50);
            c51 = Vector512.FusedMultiplyAdd(s5, b1, c51);
        }
        Store32(c, add, c00, c01);
        Store32(c + (1 * (nint)cStep), add, c10, c11);
        Store32(c + (2 * (nint)cStep), add, c20, c21);
        Store32(c + (3 * (nint)cStep), add, c30, c31);
        Store32(c + (4 * (nint)cStep), add, c40, c41);
        Store32(c + (5 * (nint)cStep), add, c50, c51);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile16(float** a_M, int aStep, float* panel, int depth, float* c, int cStep, bool add)
    {
        float* a0 = a_M[0], a1 = a_M[1], a2 = a_M[2], a3 = a_M[3], a4 = a_M[4], a5 = a_M[5];
        nint at = 0;
        Vector512<float> c00 = default;
        Vector512<float> c10 = default;
        Vector512<float> c20 = default;
        Vector512<float> c30 = default;
        Vector512<float> c40 = default;
        Vector512<float> c50 = default;
        for (; depth > 0; depth--, at += aStep, panel += 16)
        {
            var b0 = Load16(panel);
            var s0 = Vector512.Create(a0[at]);
            c00 = Vector512.FusedMultiplyAdd(s0, b0, c00);
            var s1 = Vector512.Create(a1[at]);
            c10 = Vector512.FusedMultiplyAdd(s1, b0, c10);
            var s2 = Vector512.Create(a2[at]);
            c20 = Vector512.FusedMultiplyAdd(s2, b0, c20);
            var s3 = Vector512.Create(a3[at]);
            c30 = Vector512.FusedMultiplyAdd(s3, b0, c30);
            var s4 = Vector512.Create(a4[at]);
            c40 = Vector512.FusedMultiplyAdd(s4, b0, c40);
            var s5 = Vector512.Create(a5[at]);
            c50 = Vector512.FusedMultiplyAdd(s5, b0, c50);
        }
        Store16(c, add, c00);
        Store16(c + (1 * (nint)cStep), add, c10);
        Store16(c + (2 * (nint)cStep), add, c20);
        Store16(c + (3 * (nint)cStep), add, c30);
        Store16(c + (4 * (nint)cStep), add, c40);
        Store16(c + (5 * (nint)cStep), add, c50);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Load16(float* at) => Vector512.Load(at);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector512<float> V0, Vector512<float> V1) Load32(float* at) => (Vector512.Load(at), Vector512.Load(at + 16));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector512<float> V0, Vector512<float> V1, Vector512<float> V2, Vector512<float> V3) Load64(float* at) =>
        (Vector512.Load(at), Vector512.Load(at + 16), Vector512.Load(at + 32), Vector512.Load(at + 48));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store16(float* at, bool add, Vector512<float> v0) => (add ? Vector512.Load(at) + v0 : v0).Store(at);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store32(float* at, bool add, Vector512<float> v0, Vector512<float> v1)
    {
        Store16(at, add, v0);
        Store16(at + 16, add, v1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store64(float* at, bool add, Vector512<float> v0, Vector512<float> v1, Vector512<float> v2, Vector512<float> v3)
    {
        Store32(at, add, v0, v1);
        Store32(at + 32, add, v2, v3);
    }
}

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Grains.Interfaces.Model.Randomness;

namespace Grains.Training.Models;

/// <summary>
/// Makes the dropout of one layer. Element i of sample b in update t is kept when a Philox word is at least rate·2³². That word is a
/// function of (seed, replicate, layer, t, b, i) alone, and what is kept is scaled by 1 / (1 − rate). Nothing is remembered between
/// updates. The bits do not depend on how many lanes the processor has: element 32g + 8w + l of a sample is word w of block (8g + l, b, t).
/// Elements of an image are counted pixel by pixel, the channels innermost.
/// </summary>
public sealed class DropoutMask
{
    /// <summary>The number of elements that 8 blocks of 4 words decide on.</summary>
    private const int Group = 32;

    private const int Lanes = 16;

    private readonly uint _key0, _key1, _threshold;

    public DropoutMask(long seed, int replicate, string layer, double rate)
    {
        var stream = KeyedStream.Of(seed, replicate, "dropout", layer);
        _key0 = stream.NextUInt32();
        _key1 = stream.NextUInt32();
        _threshold = (uint)Math.Round(rate * 4294967296.0);
        Scale = (float)(1 / (1 - rate));
    }

    /// <summary>The factor of what is kept.</summary>
    public float Scale { get; }

    /// <summary>Writes 0 or 1 / (1 − rate) into each element of some samples, one sample after the other.</summary>
    public void Fill(Span<float> mask, int samples, long step)
    {
        int elements = mask.Length / samples;
        Span<float> last = stackalloc float[Group];
        for (int b = 0; b < samples; b++)
        {
            var sample = mask.Slice(b * elements, elements);
            for (int start = 0; start < elements; start += Group)
            {
                int left = elements - start;
                Fill32(left < Group ? last : sample[start..], (uint)start / 4, (uint)b, step);
                if (left < Group) last[..left].CopyTo(sample[start..]);
            }
        }
    }

    /// <summary>
    /// Writes the same mask with a row per feature (channel, pixel) and a bit per sample: bit b % 16 of word b / 16 is set where sample b
    /// is kept.
    /// </summary>
    /// <param name="words">The number of words in a row. Samples beyond the batch have bits like any other.</param>
    public void Fill(Span<ushort> kept, int channels, int area, int words, long step)
    {
        int elements = channels * area;
        var threshold = Vector512.Create(_threshold);
        for (int block = 0; block < (elements + Group - 1) / Group * 8; block++)
        {
            for (int word = 0; word < words; word++)
            {
                var index = Vector512.Create((ulong)(uint)(word * Lanes)) + Vector512.Create(0UL, 1, 2, 3, 4, 5, 6, 7);
                var (a0, a1, a2, a3) = Words(Vector512.Create((ulong)block), index, step);
                var (b0, b1, b2, b3) = Words(Vector512.Create((ulong)block), index + Vector512.Create(8UL), step);
                Put(kept, 0, a0, b0);
                Put(kept, 1, a1, b1);
                Put(kept, 2, a2, b2);
                Put(kept, 3, a3, b3);

                void Put(Span<ushort> kept, int w, Vector512<ulong> a, Vector512<ulong> b)
                {
                    int element = (block / 8 * Group) + (8 * w) + (block % 8);
                    if (element >= elements) return;
                    int row = (element % channels * area) + (element / channels);
                    kept[(row * words) + word] =
                        (ushort)Vector512.GreaterThanOrEqual(Vector512.Narrow(a, b), threshold).ExtractMostSignificantBits();
                }
            }
        }
    }

    /// <summary>Computes one element the plain way, which both ways of filling must equal.</summary>
    public float Element(int sample, int index, long step)
    {
        Span<uint> words = stackalloc uint[4];
        int group = index / Group, word = index % Group / 8, lane = index % 8;
        Philox.Block((uint)((group * 8) + lane), (uint)sample, (uint)step, (uint)(step >> 32), _key0, _key1, words);
        return words[word] >= _threshold ? Scale : 0f;
    }

    private void Fill32(Span<float> mask, uint block, uint sample, long step)
    {
        var (words0, words1, words2, words3) = Words(
            Vector512.Create((ulong)block) + Vector512.Create(0UL, 1, 2, 3, 4, 5, 6, 7), Vector512.Create((ulong)sample), step);
        Kept(Vector512.Narrow(words0, words1)).StoreUnsafe(ref mask[0]);
        Kept(Vector512.Narrow(words2, words3)).StoreUnsafe(ref mask[16]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector512<float> Kept(Vector512<uint> words) =>
        Vector512.ConditionalSelect(
            Vector512.GreaterThanOrEqual(words, Vector512.Create(_threshold)).AsSingle(), Vector512.Create(Scale), Vector512<float>.Zero);

    /// <summary>
    /// Computes Philox4x32-10 of 8 counters at once. Each word is in the lower half of a 64-bit lane, and the upper half is never looked
    /// at.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private (Vector512<ulong> W0, Vector512<ulong> W1, Vector512<ulong> W2, Vector512<ulong> W3) Words(
        Vector512<ulong> c0, Vector512<ulong> c1, long step)
    {
        var c2 = Vector512.Create((ulong)(uint)step);
        var c3 = Vector512.Create((ulong)(uint)(step >> 32));
        var m0 = Vector512.Create((ulong)Philox.M0);
        var m1 = Vector512.Create((ulong)Philox.M1);
        uint k0 = _key0, k1 = _key1;
        for (int round = 0; round < 10; round++)
        {
            var p0 = Product(m0, c0);
            var p1 = Product(m1, c2);
            (c0, c1, c2, c3) = ((p1 >>> 32) ^ c1 ^ Vector512.Create((ulong)k0), p1, (p0 >>> 32) ^ c3 ^ Vector512.Create((ulong)k1), p0);
            k0 += Philox.W0;
            k1 += Philox.W1;
        }
        return (c0, c1, c2, c3);
    }

    /// <summary>Returns the product of the lower halves, lane by lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<ulong> Product(Vector512<ulong> a, Vector512<ulong> b)
    {
        if (Avx512F.IsSupported) return Avx512F.Multiply(a.AsUInt32(), b.AsUInt32());
        if (Avx2.IsSupported)
        {
            return Vector512.Create(
                Avx2.Multiply(a.GetLower().AsUInt32(), b.GetLower().AsUInt32()),
                Avx2.Multiply(a.GetUpper().AsUInt32(), b.GetUpper().AsUInt32()));
        }
        var low = Vector512.Create((ulong)uint.MaxValue);
        return (a & low) * (b & low);
    }
}

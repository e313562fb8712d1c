using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Grains.Interfaces.Model.Randomness;

namespace Grains.Training.Models;

/// <summary>
/// The dropout of one layer: element i of update t is kept when a Philox word, a function of (seed, replicate, layer, t, i) alone, is at
/// least rate·2³²; what is kept is scaled by 1 / (1 − rate). Nothing is remembered between updates, and the bits do not depend on how
/// many lanes the processor has: element 32g + 8w + l is word w of block 8g + l.
/// </summary>
public sealed class DropoutMask
{
    /// <summary>Elements per step of the loop: 8 blocks of 4 words.</summary>
    private const int Group = 32;

    private readonly uint _key0, _key1, _threshold;
    private readonly float _scale;

    public DropoutMask(long seed, int replicate, string layer, double rate)
    {
        var stream = KeyedStream.Of(seed, replicate, "dropout", layer);
        _key0 = stream.NextUInt32();
        _key1 = stream.NextUInt32();
        _threshold = (uint)Math.Round(rate * 4294967296.0);
        _scale = (float)(1 / (1 - rate));
    }

    /// <summary>Writes 0 or 1 / (1 − rate) into each element, in the order in which they lie in memory.</summary>
    public void Fill(Span<float> mask, long step)
    {
        int whole = mask.Length / Group * Group;
        var threshold = Vector512.Create(_threshold);
        var scale = Vector512.Create(_scale);
        for (int start = 0; start < whole; start += Group)
        {
            var (words0, words1) = Words((uint)(start / 4), step);
            Kept(words0, threshold, scale).StoreUnsafe(ref mask[start]);
            Kept(words1, threshold, scale).StoreUnsafe(ref mask[start + 16]);
        }
        if (whole == mask.Length) return;

        Span<float> last = stackalloc float[Group];
        var (tail0, tail1) = Words((uint)(whole / 4), step);
        Kept(tail0, threshold, scale).StoreUnsafe(ref last[0]);
        Kept(tail1, threshold, scale).StoreUnsafe(ref last[16]);
        last[..(mask.Length - whole)].CopyTo(mask[whole..]);
    }

    /// <summary>One element, the plain way: what <see cref="Fill"/> must equal.</summary>
    public float Element(int index, long step)
    {
        Span<uint> words = stackalloc uint[4];
        int group = index / Group, word = index % Group / 8, lane = index % 8;
        Philox.Block((uint)((group * 8) + lane), 0, (uint)step, (uint)(step >> 32), _key0, _key1, words);
        return words[word] >= _threshold ? _scale : 0f;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Kept(Vector512<uint> words, Vector512<uint> threshold, Vector512<float> scale) =>
        Vector512.ConditionalSelect(Vector512.GreaterThanOrEqual(words, threshold).AsSingle(), scale, Vector512<float>.Zero);

    /// <summary>Philox4x32-10 of 8 blocks at once, each word in the lower half of a 64-bit lane; the upper half is never looked at.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private (Vector512<uint> Words0, Vector512<uint> Words1) Words(uint block, long step)
    {
        var c0 = Vector512.Create((ulong)block) + Vector512.Create(0UL, 1, 2, 3, 4, 5, 6, 7);
        var c1 = Vector512<ulong>.Zero;
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
        return (Vector512.Narrow(c0, c1), Vector512.Narrow(c2, c3));
    }

    /// <summary>Of the lower halves, lane by lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<ulong> Product(Vector512<ulong> a, Vector512<ulong> b)
    {
        if (Avx512F.IsSupported) return Avx512F.Multiply(a.AsUInt32(), b.AsUInt32());
        if (Avx2.IsSupported)
        {
            return Vector512.Create(
                Avx2.Multiply(a.GetLower().AsUInt32(), b.GetLower().AsUInt32()), Avx2.Multiply(a.GetUpper().AsUInt32(), b.GetUpper().AsUInt32()));
        }
        var low = Vector512.Create((ulong)uint.MaxValue);
        return (a & low) * (b & low);
    }
}

using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Grains.Interfaces.Model.Randomness;

/// <summary>
/// A random stream is a function of its key alone. It is Philox4x32-10 (Salmon et al. 2011), keyed by the SHA-256 of (seed, replicate,
/// purpose, name, step). No state is shared and none needs saving.
/// </summary>
public sealed class KeyedStream
{
    private readonly uint _key0, _key1, _high0, _high1;
    private ulong _block;
    private readonly uint[] _words = new uint[4];
    private int _used = 4;

    private KeyedStream(ReadOnlySpan<byte> key)
    {
        _key0 = BinaryPrimitives.ReadUInt32LittleEndian(key);
        _key1 = BinaryPrimitives.ReadUInt32LittleEndian(key[4..]);
        _high0 = BinaryPrimitives.ReadUInt32LittleEndian(key[8..]);
        _high1 = BinaryPrimitives.ReadUInt32LittleEndian(key[12..]);
    }

    /// <param name="seed">The seed of the sweep or of the data set.</param>
    /// <param name="replicate">The replicate, counted from 1; 0 where there is none.</param>
    /// <param name="purpose">The purpose of the numbers: "initial", "shuffle", "dropout", "space", "phantom" …</param>
    /// <param name="name">The name of a layer, a tensor or an image; it may be empty.</param>
    /// <param name="step">The number of an epoch, an update or an index.</param>
    public static KeyedStream Of(long seed, int replicate, string purpose, string name = "", long step = 0)
    {
        var text = Encoding.UTF8.GetBytes($"{seed}\n{replicate}\n{purpose}\n{name}\n{step}");
        return new KeyedStream(SHA256.HashData(text));
    }

    public uint NextUInt32()
    {
        if (_used == 4)
        {
            Philox.Block((uint)_block, (uint)(_block >> 32), _high0, _high1, _key0, _key1, _words);
            _block++;
            _used = 0;
        }
        return _words[_used++];
    }

    /// <summary>Returns a number that is uniform in [0, 1), of 53 bits.</summary>
    public double NextDouble()
    {
        ulong bits = ((ulong)NextUInt32() << 32) | NextUInt32();
        return (bits >> 11) * (1.0 / (1UL << 53));
    }

    /// <summary>Returns a number that is uniform in [0, <paramref name="bound"/>), without bias (Lemire 2019).</summary>
    public int NextInt(int bound)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bound);
        ulong product = (ulong)NextUInt32() * (uint)bound;
        if ((uint)product < (uint)bound)
        {
            uint threshold = (uint)-bound % (uint)bound;
            while ((uint)product < threshold) product = (ulong)NextUInt32() * (uint)bound;
        }
        return (int)(product >> 32);
    }

    /// <summary>Returns a number that is standard normal (Box and Muller 1958, the cosine half).</summary>
    public double NextNormal()
    {
        double u = 1.0 - NextDouble(), v = NextDouble();
        return Math.Sqrt(-2.0 * Math.Log(u)) * Math.Cos(2.0 * Math.PI * v);
    }

    /// <summary>Returns 0..<paramref name="count"/>−1 in random order (Fisher and Yates).</summary>
    public int[] Permutation(int count)
    {
        var order = new int[count];
        for (int i = 0; i < count; i++) order[i] = i;
        for (int i = count - 1; i > 0; i--)
        {
            int j = NextInt(i + 1);
            (order[i], order[j]) = (order[j], order[i]);
        }
        return order;
    }
}

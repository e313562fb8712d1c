using System.Collections.Immutable;
using System.Globalization;

namespace Grains.Search.Samplers.Sobol;

/// <summary>
/// The sequence of Sobol 1967 with the direction numbers of Joe and Kuo 2008, scrambled as Owen 1995 does by the hash of Burley 2020
/// ("Practical hash-based Owen scrambling", Journal of Computer Graphics Techniques 9). Any first 2^k points lie evenly in every dimension.
/// </summary>
internal static class SobolSequence
{
    private const int Bits = 32;

    private static readonly Lazy<ImmutableArray<uint[]>> s_directions = new(Read);

    /// <summary>The number of dimensions for which there are direction numbers.</summary>
    public static int Dimensions => s_directions.Value.Length;

    /// <summary>The coordinate of a point, above 0 and below 1.</summary>
    /// <param name="index">The number of the point, from 0.</param>
    /// <param name="dimension">The number of the dimension, from 0.</param>
    /// <param name="scramble">The random number by which this dimension is scrambled.</param>
    public static double Coordinate(int index, int dimension, uint scramble)
    {
        uint[] directions = s_directions.Value[dimension];
        uint bits = 0;
        for (int b = 0; b < Bits && index >> b != 0; b++) if ((index >> b & 1) != 0) bits ^= directions[b];
        return (Reversed(Permuted(Reversed(bits), scramble)) + 0.5) / (1UL << Bits);
    }

    /// <summary>A permutation in which a bit depends on lower bits and itself (Laine and Karras 2011, with Burley's constants).</summary>
    private static uint Permuted(uint x, uint seed)
    {
        x += seed;
        x ^= x * 0x6c50b47cu;
        x ^= x * 0xb82f1e52u;
        x ^= x * 0xc7afe638u;
        x ^= x * 0x8d22f6e6u;
        return x;
    }

    private static uint Reversed(uint x)
    {
        x = x >> 1 & 0x55555555u | (x & 0x55555555u) << 1;
        x = x >> 2 & 0x33333333u | (x & 0x33333333u) << 2;
        x = x >> 4 & 0x0f0f0f0fu | (x & 0x0f0f0f0fu) << 4;
        return System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(x);
    }

    private static ImmutableArray<uint[]> Read()
    {
        using var stream = typeof(SobolSequence).Assembly.GetManifestResourceStream("Grains.Search.Samplers.Sobol.joe-kuo-6.txt")!;
        using var reader = new StreamReader(stream);
        // The first dimension is van der Corput's sequence, which is in no table.
        var directions = ImmutableArray.CreateBuilder<uint[]>();
        directions.Add([.. Enumerable.Range(0, Bits).Select(b => 1u << Bits - 1 - b)]);
        while (reader.ReadLine() is { } line)
        {
            if (line.StartsWith('#')) continue;
            directions.Add(Directions([.. line.Split(' ').Select(n => uint.Parse(n, CultureInfo.InvariantCulture))]));
        }
        return directions.ToImmutable();
    }

    /// <summary>The recurrence of Joe and Kuo, with v_k = m_k / 2^k as a fraction of 32 bits.</summary>
    private static uint[] Directions(uint[] row)
    {
        int degree = (int)row[1];
        uint polynomial = row[2];
        var v = new uint[Bits];
        for (int k = 0; k < Bits; k++)
        {
            if (k < degree)
            {
                v[k] = row[3 + k] << Bits - 1 - k;
                continue;
            }
            v[k] = v[k - degree] ^ v[k - degree] >> degree;
            for (int j = 1; j < degree; j++) if ((polynomial >> degree - 1 - j & 1) != 0) v[k] ^= v[k - j];
        }
        return v;
    }
}

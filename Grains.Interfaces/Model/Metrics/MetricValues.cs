using System.Buffers.Binary;

namespace Grains.Interfaces.Model.Metrics;

/// <summary>
/// The values of a program's metrics at one epoch, in the order of its vocabulary, packed as the journal keeps them. A number is a byte 0
/// and its IEEE-754 bits, little-endian. A share is a byte 1 and its two counts as LEB128. Equal bytes are equal bits.
/// </summary>
[GenerateSerializer, Immutable, Alias("MetricValues")]
public sealed record MetricValues([property: Id(0)] byte[] Packed)
{
    private const byte NumberTag = 0, ShareTag = 1;

    /// <summary>
    /// The value of the metric at a place in the order. A share of nothing is 0. What an earlier version of the program did not report yet
    /// is NaN.
    /// </summary>
    public double Value(int index)
    {
        var (first, second, isShare) = At(index);
        return !isShare ? BitConverter.Int64BitsToDouble(first) : second == 0 ? 0 : (double)first / second;
    }

    /// <summary>Whether the metric was taken from anything: a share of nothing has no meaning.</summary>
    public bool IsOfSomething(int index) => At(index) is not (_, 0, true);

    /// <summary>The two counts of a share.</summary>
    public (int Part, int Whole) Share(int index) => At(index) is var (part, whole, isShare) && isShare
        ? ((int)part, (int)whole)
        : throw new InvalidOperationException($"The metric at place {index} is a number and not a share.");

    public bool Equals(MetricValues? other) => other is not null && Packed.AsSpan().SequenceEqual(other.Packed);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.AddBytes(Packed);
        return hash.ToHashCode();
    }

    private (long First, long Second, bool IsShare) At(int index)
    {
        ReadOnlySpan<byte> rest = Packed;
        for (int i = 0; ; i++)
        {
            if (rest.IsEmpty) return (Bits.Of(double.NaN), 0, false);
            byte tag = rest[0];
            rest = rest[1..];
            long first, second = 0;
            if (tag == NumberTag)
            {
                first = BinaryPrimitives.ReadInt64LittleEndian(rest);
                rest = rest[8..];
            }
            else
            {
                first = Leb128.Read(ref rest);
                second = Leb128.Read(ref rest);
            }
            if (i == index) return (first, second, tag == ShareTag);
        }
    }

    /// <summary>Packs values one after the other.</summary>
    public sealed class Packer
    {
        private readonly List<byte> _bytes = [];

        /// <summary>Adds a number with one canonical NaN and one zero.</summary>
        public Packer Number(double value)
        {
            Span<byte> bits = stackalloc byte[8];
            BinaryPrimitives.WriteInt64LittleEndian(bits, Bits.Of(value));
            _bytes.Add(NumberTag);
            _bytes.AddRange(bits);
            return this;
        }

        public Packer Share(int part, int whole)
        {
            _bytes.Add(ShareTag);
            Leb128.Write(_bytes, part);
            Leb128.Write(_bytes, whole);
            return this;
        }

        public MetricValues Done() => new([.. _bytes]);
    }
}

namespace Grains.Interfaces.Model.Metrics;

/// <summary>
/// The tables of exact counts of one epoch, in the order of the program's vocabulary, packed as the journal keeps them: for each table its
/// length and its counts, row by row, as LEB128. They stand apart from the numbers, because most readers want only those.
/// </summary>
[GenerateSerializer, Immutable, Alias("CountTables")]
public sealed record CountTables([property: Id(0)] byte[] Packed)
{
    /// <summary>No table has a count.</summary>
    public static readonly CountTables None = new([]);

    public static CountTables Of(params ReadOnlySpan<int[]> tables)
    {
        var bytes = new List<byte>();
        foreach (int[] table in tables)
        {
            Leb128.Write(bytes, table.Length);
            foreach (int count in table) Leb128.Write(bytes, count);
        }
        return bytes.TrueForAll(b => b == 0) ? None : new CountTables([.. bytes]);
    }

    /// <summary>The counts of the table at a place in the order; empty where there are none.</summary>
    public int[] Table(int index)
    {
        ReadOnlySpan<byte> rest = Packed;
        for (int i = 0; !rest.IsEmpty; i++)
        {
            int[] table = new int[Leb128.Read(ref rest)];
            for (int k = 0; k < table.Length; k++) table[k] = Leb128.Read(ref rest);
            if (i == index) return table;
        }
        return [];
    }

    public bool Equals(CountTables? other) => other is not null && Packed.AsSpan().SequenceEqual(other.Packed);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.AddBytes(Packed);
        return hash.ToHashCode();
    }
}

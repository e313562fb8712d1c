namespace Grains.Interfaces.Model.Metrics;

/// <summary>Writes counts in as many bytes as they need, seven bits in each: unsigned LEB128, as in DWARF and WebAssembly.</summary>
public static class Leb128
{
    public static void Write(List<byte> to, int value)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(value);
        for (; value >= 0x80; value >>= 7) to.Add((byte)(value | 0x80));
        to.Add((byte)value);
    }

    public static int Read(ref ReadOnlySpan<byte> from)
    {
        int value = 0;
        for (int i = 0; ; i++)
        {
            value |= (from[i] & 0x7F) << (7 * i);
            if (from[i] >= 0x80) continue;
            from = from[(i + 1)..];
            return value;
        }
    }
}

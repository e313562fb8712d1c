using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Tests.Unit.Data;

/// <summary>Writes a PNG whose pixels are all equal, in any colour type and depth (ISO/IEC 15948).</summary>
internal static class Png
{
    public static byte[] Encode(int width, int height, byte colourType, byte depth, byte[] pixel, byte[] palette)
    {
        byte[] header = [.. Int((uint)width), .. Int((uint)height), depth, colourType, 0, 0, 0];
        using var packed = new MemoryStream();
        using (var zip = new ZLibStream(packed, CompressionLevel.Fastest))
        {
            for (int row = 0; row < height; row++)
            {
                zip.WriteByte(0);
                for (int column = 0; column < width; column++) zip.Write(pixel);
            }
        }
        return
        [
            0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a,
            .. Chunk("IHDR", header),
            .. colourType == 3 ? Chunk("PLTE", palette) : [],
            .. Chunk("IDAT", packed.ToArray()),
            .. Chunk("IEND", []),
        ];
    }

    /// <summary>Writes a PNG of 16 bits a channel, each line of which is filtered in another way.</summary>
    public static byte[] EncodeDeep(int width, int height, byte colourType, Func<int, int, int, ushort> sample, bool interlaced = false)
    {
        int channels = colourType switch { 0 => 1, 4 => 2, 2 => 3, _ => 4 };
        (int X, int Y, int Dx, int Dy)[] passes = interlaced
            ? [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)] : [(0, 0, 1, 1)];
        using var packed = new MemoryStream();
        using (var zip = new ZLibStream(packed, CompressionLevel.Fastest))
        {
            foreach (var pass in passes)
            {
                byte[]? above = null;
                for (int y = pass.Y, row = 0; y < height; y += pass.Dy, row++)
                {
                    var line = new List<byte>();
                    for (int x = pass.X; x < width; x += pass.Dx)
                        for (int c = 0; c < channels; c++) line.AddRange([(byte)(sample(x, y, c) >> 8), (byte)sample(x, y, c)]);
                    if (line.Count == 0) break;
                    zip.WriteByte((byte)(row % 5));
                    zip.Write(Filtered(row % 5, [.. line], above ?? new byte[line.Count], 2 * channels));
                    above = [.. line];
                }
            }
        }
        byte[] header = [.. Int((uint)width), .. Int((uint)height), 16, colourType, 0, 0, (byte)(interlaced ? 1 : 0)];
        return [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, .. Chunk("IHDR", header),
            .. Chunk("IDAT", packed.ToArray()), .. Chunk("IEND", [])];
    }

    private static byte[] Filtered(int filter, byte[] line, byte[] above, int stride) => [.. line.Select((value, i) =>
    {
        int left = i >= stride ? line[i - stride] : 0, up = above[i], corner = i >= stride ? above[i - stride] : 0;
        int[] nearest = [left, up, corner];
        return (byte)(value - filter switch
        {
            0 => 0,
            1 => left,
            2 => up,
            3 => (left + up) / 2,
            _ => nearest.MinBy(n => Math.Abs(left + up - corner - n)),
        });
    })];

    private static byte[] Chunk(string type, byte[] data)
    {
        byte[] named = [.. Encoding.ASCII.GetBytes(type), .. data];
        return [.. Int((uint)data.Length), .. named, .. Int(Crc(named))];
    }

    private static uint Crc(byte[] data)
    {
        uint crc = uint.MaxValue;
        foreach (byte b in data)
        {
            crc ^= b;
            for (int bit = 0; bit < 8; bit++) crc = (crc & 1) == 1 ? crc >> 1 ^ 0xEDB88320 : crc >> 1;
        }
        return ~crc;
    }

    private static byte[] Int(uint value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        return bytes;
    }
}

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

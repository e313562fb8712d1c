using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using SkiaSharp;

namespace Grains.Training.Data;

/// <summary>
/// Decodes a whole PNG of 16 bits a channel (ISO/IEC 15948). Skia keeps only its upper 8 bits, which hold nearly nothing of a 12-bit
/// recording. This reads only what Skia has found to be sound.
/// </summary>
internal sealed class DeepPng
{
    private const int HeaderEnd = 33, BytesPerSample = 2;

    // The passes of Adam7: the first column and row of each, and its steps.
    private static readonly (int X, int Y, int Dx, int Dy)[] Interlaced =
        [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)];

    private readonly int _width, _height, _channels;
    private readonly ushort[] _samples;

    private DeepPng(int width, int height, int channels)
    {
        (_width, _height, _channels) = (width, height, channels);
        _samples = new ushort[(long)width * height * channels];
    }

    private bool HasAlpha => _channels is 2 or 4;

    public static bool Is(ReadOnlySpan<byte> file) => file.Length > HeaderEnd && file is [0x89, 0x50, 0x4e, 0x47, ..] && file[24] == 16;

    /// <exception cref="InvalidDataException">Skia was wrong about the file.</exception>
    public static DeepPng Read(byte[] file)
    {
        int width = BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(16)), height = BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(20));
        int channels = file[25] switch
        {
            0 => 1,
            2 => 3,
            4 => 2,
            6 => 4,
            var type => throw new InvalidDataException($"colour type {type} has no 16 bits"),
        };
        var image = new DeepPng(width, height, channels);
        using var unzipped = new ZLibStream(new MemoryStream(Packed(file)), CompressionMode.Decompress);
        foreach (var pass in file[28] == 1 ? Interlaced : [(0, 0, 1, 1)]) image.ReadPass(unzipped, pass);
        return image;
    }

    /// <summary>The largest sample, without the transparency.</summary>
    public int Largest
    {
        get
        {
            int largest = 0;
            for (int i = 0; i < _samples.Length; i++)
                if (!HasAlpha || i % _channels != _channels - 1) largest = Math.Max(largest, _samples[i]);
            return largest;
        }
    }

    /// <summary>The image in 8 bits a channel, with <paramref name="white"/> as the brightest; transparent parts turn black.</summary>
    public SKBitmap ToBitmap(int white)
    {
        var bitmap = new SKBitmap(new SKImageInfo(_width, _height, SKColorType.Rgba8888, SKAlphaType.Premul));
        unsafe
        {
            var bytes = new Span<byte>((void*)bitmap.GetPixels(), bitmap.ByteCount);
            for (int y = 0; y < _height; y++)
            {
                var row = bytes[(y * bitmap.RowBytes)..];
                for (int x = 0; x < _width; x++)
                {
                    var pixel = _samples.AsSpan((y * _width + x) * _channels, _channels);
                    int alpha = HasAlpha ? pixel[^1] >> 8 : 255;
                    for (int c = 0; c < 3; c++) row[4 * x + c] = (byte)((Eight(pixel[_channels < 3 ? 0 : c], white) * alpha + 127) / 255);
                    row[4 * x + 3] = (byte)alpha;
                }
            }
        }
        return bitmap;
    }

    private static int Eight(int sample, int white) => (255 * Math.Min(sample, white) + white / 2) / white;

    private static byte[] Packed(byte[] file)
    {
        using var packed = new MemoryStream();
        for (int at = 8; at + 12 <= file.Length;)
        {
            int length = BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(at));
            if (length < 0 || length > file.Length - at - 12) throw new InvalidDataException("a chunk is longer than the file");
            if (Encoding.ASCII.GetString(file, at + 4, 4) == "IDAT") packed.Write(file, at + 8, length);
            at += 12 + length;
        }
        return packed.ToArray();
    }

    private void ReadPass(Stream unzipped, (int X, int Y, int Dx, int Dy) pass)
    {
        int columns = (_width - pass.X + pass.Dx - 1) / pass.Dx, rows = (_height - pass.Y + pass.Dy - 1) / pass.Dy;
        if (columns <= 0 || rows <= 0) return;
        int stride = _channels * BytesPerSample;
        byte[] line = new byte[columns * stride], above = new byte[line.Length];
        for (int row = 0; row < rows; row++)
        {
            int filter = unzipped.ReadByte();
            unzipped.ReadExactly(line);
            Unfilter(filter, line, above, stride);
            for (int column = 0; column < columns; column++)
            {
                int to = ((pass.Y + row * pass.Dy) * _width + pass.X + column * pass.Dx) * _channels;
                var pixel = line.AsSpan(column * stride, stride);
                for (int c = 0; c < _channels; c++) _samples[to + c] = BinaryPrimitives.ReadUInt16BigEndian(pixel[(c * BytesPerSample)..]);
            }
            (line, above) = (above, line);
        }
    }

    /// <summary>Undoes the filters of clause 9: each byte was written as its difference from a guess.</summary>
    private static void Unfilter(int filter, byte[] line, byte[] above, int stride)
    {
        for (int i = 0; i < line.Length; i++)
        {
            int left = i >= stride ? line[i - stride] : 0, up = above[i], corner = i >= stride ? above[i - stride] : 0;
            line[i] += (byte)(filter switch
            {
                0 => 0,
                1 => left,
                2 => up,
                3 => (left + up) / 2,
                4 => Paeth(left, up, corner),
                _ => throw new InvalidDataException($"there is no filter {filter}"),
            });
        }
    }

    private static int Paeth(int left, int up, int corner)
    {
        int guess = left + up - corner;
        int fromLeft = Math.Abs(guess - left), fromUp = Math.Abs(guess - up), fromCorner = Math.Abs(guess - corner);
        return fromLeft <= fromUp && fromLeft <= fromCorner ? left : fromUp <= fromCorner ? up : corner;
    }
}

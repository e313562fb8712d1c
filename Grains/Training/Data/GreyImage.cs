using Grains.Interfaces.Model;
using Grains.Interfaces.Model.Files;
using SkiaSharp;

namespace Grains.Training.Data;

/// <summary>The facts of an image that its grey pixels do not show.</summary>
/// <param name="Largest">The largest sample of an image of 16 bits a channel; 0 for others.</param>
internal readonly record struct ImageTraits(bool Colour, bool Transparent, int Largest);

/// <summary>Decodes one PNG or JPEG, told by its content, to grey 0..1 of a wanted size.</summary>
internal static class GreyImage
{
    private const long MostPixels = 100_000_000, MostBytes = 1L << 30;

    /// <summary>A difference between channels that a JPEG of a grey image may have.</summary>
    private const int Colourless = 8;

    private const string Remedy = "Replace it, or move it out of the data folder.";

    /// <param name="grey">H·W, row by row. Transparent parts are black; 16-bit channels keep their upper 8 bits.</param>
    public static ImageTraits Decode(string file, int height, int width, Span<float> grey, CancellationToken cancellation)
    {
        byte[] bytes = WholeFile.Bytes("", file, Remedy, MostBytes, cancellation);
        using var bitmap = Decode(file, bytes, out bool opaque, out bool colourless);
        Fit(file, bitmap, height, width, grey);
        int largest = DeepPng.Is(bytes) ? Deep(file, bytes).Largest : 0;
        return new ImageTraits(!colourless && IsColoured(bitmap), !opaque && IsTransparent(bitmap), largest);
    }

    /// <summary>Decodes an image of 16 bits a channel of which <paramref name="white"/> is the brightest value that is meant.</summary>
    public static void DecodeDeep(string file, int white, int height, int width, Span<float> grey, CancellationToken cancellation)
    {
        using var bitmap = Deep(file, WholeFile.Bytes("", file, Remedy, MostBytes, cancellation)).ToBitmap(white);
        Fit(file, bitmap, height, width, grey);
    }

    private static DeepPng Deep(string file, byte[] bytes)
    {
        try
        {
            return DeepPng.Read(bytes);
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException)
        {
            throw new SpecException($"{file}: cannot be decoded to its end ({e.Message}); the image is damaged. {Remedy}");
        }
    }

    private static void Fit(string file, SKBitmap bitmap, int height, int width, Span<float> grey)
    {
        if (bitmap.Width == width && bitmap.Height == height)
        {
            ToGrey(bitmap, grey);
            return;
        }

        // Mipmaps average when shrinking, and a cubic is smooth when enlarging.
        bool shrinks = (long)width * height < (long)bitmap.Width * bitmap.Height;
        var size = new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Premul);
        using var resized = bitmap.Resize(size, shrinks ? SKFilterQuality.Medium : SKFilterQuality.High)
            ?? throw new SpecException(
                $"{file}: cannot be resized from {bitmap.Width}x{bitmap.Height} to {width}x{height}. Use another size.");
        ToGrey(resized, grey);
    }

    private static SKBitmap Decode(string file, byte[] bytes, out bool opaque, out bool colourless)
    {
        using var data = SKData.CreateCopy(bytes);
        using var codec = SKCodec.Create(data);
        if (codec is null || codec.EncodedFormat is not (SKEncodedImageFormat.Png or SKEncodedImageFormat.Jpeg)) throw NoImage(file, bytes);
        if ((long)codec.Info.Width * codec.Info.Height > MostPixels)
        {
            throw new SpecException($"{file}: {codec.Info.Width}x{codec.Info.Height} pixels are more than {MostPixels}. Shrink it first.");
        }

        opaque = codec.Info.AlphaType == SKAlphaType.Opaque;
        colourless = codec.Info.ColorType == SKColorType.Gray8;
        var bitmap = new SKBitmap(new SKImageInfo(codec.Info.Width, codec.Info.Height, SKColorType.Rgba8888, SKAlphaType.Premul));
        var result = codec.GetPixels(bitmap.Info, bitmap.GetPixels());
        if (result == SKCodecResult.Success) return bitmap;
        bitmap.Dispose();
        string what = result == SKCodecResult.IncompleteInput ? "cut" : "cut or damaged";
        throw new SpecException($"{file}: cannot be decoded to its end ({result}); the image is {what}. {Remedy}");
    }

    private static SpecException NoImage(string file, byte[] bytes)
    {
        if (bytes.Length == 0) return new($"{file} is empty: 0 bytes. {Remedy}");
        ReadOnlySpan<byte> png = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a], jpeg = [0xff, 0xd8, 0xff];
        string? begun = Begins(bytes, png) ? "PNG" : Begins(bytes, jpeg) ? "JPEG" : null;
        if (begun is not null)
        {
            return new($"{file}: begins as a {begun} and ends or breaks within its header, after {bytes.Length} bytes; "
                + "the image is cut or damaged. "
                + Remedy);
        }
        string? what = FileContent.NameOf(bytes.AsSpan(0, Math.Min(bytes.Length, FileContent.Enough)));
        string but = what is null ? "" : $", but {what}";
        return new($"{file}: neither PNG nor JPEG by its content{but}. Convert it, or move it out of the data folder.");

        static bool Begins(ReadOnlySpan<byte> file, ReadOnlySpan<byte> magic) => magic.StartsWith(file) || file.StartsWith(magic);
    }

    private static bool IsTransparent(SKBitmap bitmap) => Any(bitmap, static (_, _, _, alpha) => alpha < 255);

    private static bool IsColoured(SKBitmap bitmap) => Any(bitmap, static (red, green, blue, _) =>
        Math.Max(red, Math.Max(green, blue)) - Math.Min(red, Math.Min(green, blue)) > Colourless);

    private static bool Any(SKBitmap bitmap, Func<byte, byte, byte, byte, bool> holds)
    {
        var rgba = bitmap.GetPixelSpan();
        for (int row = 0; row < bitmap.Height; row++)
        {
            var line = rgba.Slice(row * bitmap.RowBytes, 4 * bitmap.Width);
            for (int at = 0; at < line.Length; at += 4)
                if (holds(line[at], line[at + 1], line[at + 2], line[at + 3])) return true;
        }
        return false;
    }

    private static void ToGrey(SKBitmap bitmap, Span<float> grey)
    {
        var rgba = bitmap.GetPixelSpan();
        for (int row = 0; row < bitmap.Height; row++)
        {
            var line = rgba[(row * bitmap.RowBytes)..];
            for (int column = 0; column < bitmap.Width; column++)
            {
                byte red = line[4 * column], green = line[4 * column + 1], blue = line[4 * column + 2];
                // These are the weights, in thousandths so that black and white are exactly 0 and 1.
                grey[row * bitmap.Width + column] = (299 * red + 587 * green + 114 * blue) / 255_000f;
            }
        }
    }
}

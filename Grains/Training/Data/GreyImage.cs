using Grains.Interfaces.Model;
using SkiaSharp;

namespace Grains.Training.Data;

/// <summary>Decodes one PNG or JPEG, told by its content, to grey 0..1 of a wanted size.</summary>
internal static class GreyImage
{
    private const long MostPixels = 100_000_000;

    /// <param name="grey">H·W, row by row. Transparent parts are black; 16-bit channels keep their upper 8 bits.</param>
    public static void Decode(string file, int height, int width, Span<float> grey)
    {
        using var bitmap = Decode(file);
        if (bitmap.Width == width && bitmap.Height == height)
        {
            ToGrey(bitmap, grey);
            return;
        }

        // Mipmaps average when shrinking; a cubic is smooth when enlarging.
        bool shrinks = (long)width * height < (long)bitmap.Width * bitmap.Height;
        var size = new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Premul);
        using var resized = bitmap.Resize(size, shrinks ? SKFilterQuality.Medium : SKFilterQuality.High)
            ?? throw new SpecException($"{file}: cannot be resized from {bitmap.Width}x{bitmap.Height} to {width}x{height}. Use another size.");
        ToGrey(resized, grey);
    }

    private static SKBitmap Decode(string file)
    {
        using var data = SKData.Create(file);
        using var codec = data is null ? null : SKCodec.Create(data);
        if (codec is null || codec.EncodedFormat is not (SKEncodedImageFormat.Png or SKEncodedImageFormat.Jpeg))
            throw new SpecException($"{file}: neither PNG nor JPEG by its content. Convert it, or move it out of the data folder.");
        if ((long)codec.Info.Width * codec.Info.Height > MostPixels)
        {
            throw new SpecException($"{file}: {codec.Info.Width}x{codec.Info.Height} pixels are more than {MostPixels}. Shrink it first.");
        }

        var bitmap = new SKBitmap(new SKImageInfo(codec.Info.Width, codec.Info.Height, SKColorType.Rgba8888, SKAlphaType.Premul));
        var result = codec.GetPixels(bitmap.Info, bitmap.GetPixels());
        if (result == SKCodecResult.Success) return bitmap;
        bitmap.Dispose();
        throw new SpecException($"{file}: cannot be decoded to its end ({result}); the image is damaged. Replace it.");
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
                // The weights, in thousandths so that black and white are exactly 0 and 1.
                grey[row * bitmap.Width + column] = (299 * red + 587 * green + 114 * blue) / 255_000f;
            }
        }
    }
}

using SkiaSharp;

namespace Tests.Unit.Data;

/// <summary>Makes a folder that goes away with the test.</summary>
internal sealed class TempFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("sweep-data-").FullName;

    public string In(string name) => System.IO.Path.Combine(Path, name);

    public string Write(string name, byte[] content)
    {
        string file = System.IO.Path.Combine(Path, name);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(file)!);
        File.WriteAllBytes(file, content);
        return file;
    }

    public string Write(string name, string content) => Write(name, System.Text.Encoding.UTF8.GetBytes(content));

    /// <summary>Writes an image of one colour.</summary>
    public string WriteImage(string name, SKColor colour, int width = 8, int height = 8,
        SKEncodedImageFormat format = SKEncodedImageFormat.Png)
    {
        using var bitmap = new SKBitmap(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Unpremul));
        bitmap.Erase(colour);
        using var encoded = bitmap.Encode(format, 100);
        return Write(name, encoded.ToArray());
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}

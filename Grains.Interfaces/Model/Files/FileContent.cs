using System.Text;

namespace Grains.Interfaces.Model.Files;

/// <summary>Tells what a file is by its first bytes, for messages about files of the wrong kind.</summary>
public static class FileContent
{
    /// <summary>The number of bytes that suffice.</summary>
    public const int Enough = 512;

    private static readonly (byte[] Magic, int At, string Name)[] Known =
    [
        ([0x89, .. "PNG\r\n\x1a\n"u8], 0, "a PNG image"),
        ([0xff, 0xd8, 0xff], 0, "a JPEG image"),
        ([.. "GIF8"u8], 0, "a GIF image"),
        ([.. "BM"u8], 0, "a BMP image"),
        ([.. "II*\0"u8], 0, "a TIFF image"),
        ([.. "MM\0*"u8], 0, "a TIFF image"),
        ([.. "WEBP"u8], 8, "a WebP image"),
        ([.. "ftyp"u8], 4, "a HEIF image or a video"),
        ([.. "DICM"u8], 128, "a DICOM file"),
        ([.. "%PDF"u8], 0, "a PDF document"),
        ([.. "PK\x03\x04"u8], 0, "a zip file"),
        ([0x1f, 0x8b], 0, "a gzip file"),
        ([.. "BZh"u8], 0, "a bzip2 file"),
        ([0xfd, .. "7zXZ"u8], 0, "an xz file"),
        ([.. "PAR1"u8], 0, "a Parquet file"),
        ([0x93, .. "NUMPY"u8], 0, "a NumPy file"),
        ([0x89, .. "HDF"u8], 0, "an HDF5 file"),
    ];

    /// <summary>The kind of the file: "a GIF image"; "text" where it reads as such; null where nobody knows.</summary>
    public static string? NameOf(ReadOnlySpan<byte> head)
    {
        if (head.IsEmpty) return null;
        if (head.ContainsAnyInRange((byte)0, (byte)8)) return BinaryName(head);
        string start = Encoding.Latin1.GetString(head).TrimStart();
        if (start.StartsWith("%PDF", StringComparison.Ordinal)) return "a PDF document";
        bool Begins(string text) => start.StartsWith(text, StringComparison.OrdinalIgnoreCase);
        if (Begins("<!doctype") || Begins("<html")) return "a web page";
        return start.Contains("<svg", StringComparison.OrdinalIgnoreCase) ? "an SVG drawing" : "text";
    }

    private static string? BinaryName(ReadOnlySpan<byte> head)
    {
        foreach (var (magic, at, name) in Known)
            if (head.Length >= at + magic.Length && head[at..].StartsWith(magic)) return name;
        return null;
    }
}

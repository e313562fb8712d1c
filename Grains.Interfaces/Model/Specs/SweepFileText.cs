using System.Text;

namespace Grains.Interfaces.Model.Specs;

/// <summary>Turns a sweep file's bytes into text without losing what is wrong with them.</summary>
public static class SweepFileText
{
    /// <summary>
    /// Decodes UTF-8, or UTF-16 with its byte order mark. A byte that is no UTF-8 becomes the lone surrogate U+DC00 + byte. No valid text
    /// has it, so the reader can name the byte and its place.
    /// </summary>
    public static string Decode(ReadOnlySpan<byte> bytes)
    {
        if (bytes is [0xff, 0xfe, .. var little]) return Encoding.Unicode.GetString(little);
        if (bytes is [0xfe, 0xff, .. var big]) return Encoding.BigEndianUnicode.GetString(big);
        if (bytes is [0xef, 0xbb, 0xbf, .. var marked]) bytes = marked;

        var text = new StringBuilder(bytes.Length);
        Span<char> units = stackalloc char[2];
        while (!bytes.IsEmpty)
        {
            if (Rune.DecodeFromUtf8(bytes, out var rune, out int length) == System.Buffers.OperationStatus.Done)
            {
                text.Append(units[..rune.EncodeToUtf16(units)]);
            }
            else
            {
                length = 1;
                text.Append((char)(WrongByte + bytes[0]));
            }
            bytes = bytes[length..];
        }
        return text.ToString();
    }

    /// <summary>The byte for which a character of <see cref="Decode"/> stands; null for a character of the file.</summary>
    internal static byte? WrongByteOf(char unit) =>
        unit is >= (char)(WrongByte + 0x80) and <= (char)(WrongByte + 0xff) ? (byte)(unit - WrongByte) : null;

    private const int WrongByte = 0xdc00;
}

namespace Grains.Interfaces.Model.Specs.Reading;

/// <summary>
/// Looks for characters that YAML 1.2 forbids (production 1, c-printable). They point to a torn file or a wrong encoding.
/// </summary>
internal static class Characters
{
    /// <summary>The mark that may stand before a text, and nowhere in it.</summary>
    public const char ByteOrderMark = '\ufeff';

    /// <summary>The most characters to report. A file of the wrong kind has thousands, and nobody reads more of them.</summary>
    private const int MostReported = 10;

    /// <summary>Adds a mistake for each such character, and returns whether the text has none.</summary>
    public static bool Check(string text, Mistakes mistakes)
    {
        int line = 1, column = 1, found = 0;
        for (int i = 0; i < text.Length && found < MostReported; i++, column++)
        {
            char c = text[i];
            if (c == '\n' || c == '\r' && !(i + 1 < text.Length && text[i + 1] == '\n'))
            {
                (line, column) = (line + 1, 0);
                continue;
            }
            if (char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            {
                i++;
                column++;
                continue;
            }
            if (IsPrintable(c) && c != ByteOrderMark) continue;
            found++;
            var at = new YamlScalar(Name(c), true, line, column);
            if (SweepFileText.WrongByteOf(c) is not null) mistakes.Add("(document)", at, "is no UTF-8", "Save the file as UTF-8.");
            else mistakes.Add("(document)", at, "is a character that YAML forbids", Remedy(c));
        }
        return found == 0;
    }

    private static string Name(char c) => SweepFileText.WrongByteOf(c) is { } wrong ? $"byte 0x{wrong:X2}" : $"U+{(int)c:X4}";

    private static string Remedy(char c) => c switch
    {
        '\0' => "The file is torn, or saved as UTF-16 without its mark: save it anew as UTF-8.",
        ByteOrderMark => "It is an invisible mark that belongs to the beginning of a file, as where two files were joined: remove it.",
        _ => "Remove it, and save the file as UTF-8.",
    };

    private static bool IsPrintable(char c) =>
        c is '\t' or '\r' or (>= ' ' and <= '~') or '\u0085' or (>= '\u00a0' and < '\ud800') or (>= '\ue000' and <= '\ufffd');
}

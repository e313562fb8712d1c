using System.Collections.Immutable;
using System.Globalization;

namespace Grains.Interfaces.Model.Files;

/// <summary>The place of the labels in a CSV file, told by its first line.</summary>
/// <param name="LabelColumn">The label's column, counted from 0.</param>
/// <param name="LabelName">The name in the header; null without a header.</param>
public sealed record CsvLayout(int LabelColumn, string? LabelName)
{
    private static readonly ImmutableArray<string> LabelNames = ["label", "labels", "class", "classes", "target", "category", "digit", "y"];

    private static readonly (char Separator, string Name)[] OtherSeparators =
        [(';', "semicolons"), ('\t', "tabs"), ('|', "bars"), (' ', "spaces"), (':', "colons")];

    public const string Remedy = "Name a CSV file that every silo can read.";

    private const int CharactersAField = 64;

    public bool HasHeader => LabelName is not null;

    /// <summary>Tells the layout, and reads no more than the first line that is not blank.</summary>
    /// <exception cref="SpecException">The file cannot be read, or is no CSV.</exception>
    public static CsvLayout Look(string key, string path, int pixels) => WholeFile.Read($"{key}: ", path, Remedy, long.MaxValue, file =>
    {
        RequireText(key, path, file);
        using var reader = new StreamReader(file);
        var piece = new char[(pixels + 1) * CharactersAField];
        string text = new(piece, 0, reader.ReadBlock(piece));
        string[] lines = text.ReplaceLineEndings("\n").Split('\n');
        int first = Array.FindIndex(lines, l => !string.IsNullOrWhiteSpace(l));
        return first < 0 ? new(pixels, null) : Of(lines[first], pixels, $"{path}:{first + 1}");
    });

    /// <exception cref="SpecException">The file is empty, or of another kind.</exception>
    public static void RequireText(string key, string path, FileStream file)
    {
        if (file.Length == 0) throw new SpecException($"{key}: {path} is empty: 0 bytes. {Remedy}");
        var head = new byte[FileContent.Enough];
        int length = file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        file.Position = 0;
        bool marked = head is [0xff, 0xfe, ..] or [0xfe, 0xff, ..];
        bool binary = !marked && head.AsSpan(0, length).Contains((byte)0);
        string what = FileContent.NameOf(head.AsSpan(0, length)) ?? (binary ? "a binary file" : "text");
        if (what != "text") throw new SpecException($"{key}: {path} is {what}, no CSV text. Fetch, unpack or convert it.");
    }

    /// <param name="line">The first line that is not blank.</param>
    /// <param name="pixels">The number of pixels that a line has beside the label.</param>
    /// <param name="where">The file and the line, for messages.</param>
    /// <exception cref="SpecException">The fields are not separated by commas, or the header names two labels.</exception>
    public static CsvLayout Of(string line, int pixels, string where)
    {
        string[] fields = [.. line.Split(',').Select(f => Plain(f).ToString())];
        if (fields.Length != pixels + 1) RefuseOtherSeparators(line, pixels, where);
        if (!IsHeader(fields)) return new(pixels, null);
        int[] named = [.. Enumerable.Range(0, fields.Length).Where(i => LabelNames.Contains(fields[i], StringComparer.OrdinalIgnoreCase))];
        if (named.Length > 1)
        {
            string both = $"{named[0] + 1} ('{fields[named[0]]}') and {named[1] + 1} ('{fields[named[1]]}')";
            throw new SpecException($"{where}: columns {both} both name the label. Rename or remove one of them.");
        }
        int label = named.Length == 1 ? named[0] : TheOneThatDiffers(fields) ?? fields.Length - 1;
        return new(label, fields[label]);
    }

    /// <summary>The note about a header that puts the label elsewhere than last; null for nothing.</summary>
    public string? Note(string path, int pixels) =>
        HasHeader && LabelColumn < pixels ? $"{path}: its header names column {LabelColumn + 1} ('{LabelName}') as the label." : null;

    /// <summary>A field without blanks and quotation marks around it.</summary>
    public static ReadOnlySpan<char> Plain(ReadOnlySpan<char> field) =>
        field.Trim() is ['"', .. var inner, '"'] ? inner.Trim() : field.Trim();

    /// <summary>
    /// Whether a line is a header. A header has a word in it, and no pixel that is a number, unless the pixels' columns are headed by their
    /// numbers. A data line without a label is no header.
    /// </summary>
    private static bool IsHeader(string[] fields)
    {
        double[] numbers = [.. fields.Select(Number).OfType<double>()];
        bool word = fields.Any(f => f.Any(char.IsLetter) && Number(f) is null);
        if (!word || numbers.Length == 0) return word;
        return numbers.Length == fields.Length - 1 && numbers[0] is 0 or 1 && numbers.Select((n, i) => n - i).Distinct().Count() == 1;
    }

    private static double? Number(string field) => double.TryParse(field, CultureInfo.InvariantCulture, out double number) ? number : null;

    /// <summary>
    /// Finds the label in a header such as digit,p0,p1,p2. All other names are alike without their numbers, and the label's name is like no
    /// other.
    /// </summary>
    private static int? TheOneThatDiffers(string[] fields)
    {
        var stems = fields.Select((f, i) => (Stem: string.Concat(f.Where(c => !char.IsAsciiDigit(c))), Index: i))
            .GroupBy(f => f.Stem, f => f.Index).ToList();
        return fields.Length > 3 && stems.Count == 2 && stems.Find(s => s.Count() == 1) is { } one ? one.Single() : null;
    }

    private static void RefuseOtherSeparators(string line, int pixels, string where)
    {
        foreach (var (separator, name) in OtherSeparators)
        {
            if (line.Split(separator, StringSplitOptions.RemoveEmptyEntries).Length != pixels + 1) continue;
            throw new SpecException($"{where}: its {pixels + 1} values are separated by {name}, not by commas. "
                + "Write the file with commas, and decimals with points.");
        }
    }
}

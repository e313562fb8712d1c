using System.CommandLine.Parsing;
using System.Globalization;
using Client.Commands;

namespace Client.Rendering;

/// <summary>Reads and writes sizes as people write them: 500MB, 2GB, 1.5GiB, 0.</summary>
internal static class ByteSize
{
    private static readonly (string Unit, double Bytes)[] Units =
        [("KiB", 1L << 10), ("MiB", 1L << 20), ("GiB", 1L << 30), ("TiB", 1L << 40), ("KB", 1e3), ("MB", 1e6),
            ("GB", 1e9), ("TB", 1e12), ("B", 1)];

    /// <summary>Returns null where the text is no size.</summary>
    public static long? Parse(string text)
    {
        var (unit, bytes) = Units.FirstOrDefault(u => text.EndsWith(u.Unit, StringComparison.OrdinalIgnoreCase), ("", 1));
        bool read = double.TryParse(text[..^unit.Length].Trim(), NumberStyles.AllowDecimalPoint,
            CultureInfo.InvariantCulture, out double number);
        return read && number * bytes < long.MaxValue / 2 ? (long)(number * bytes) : null;
    }

    /// <summary>Parses an option's value for System.CommandLine.</summary>
    public static long? Parse(ArgumentResult result)
    {
        string text = result.Tokens[0].Value;
        if (Parse(text) is { } size) return size;
        string option = result.Parent is OptionResult { Option.Name: var name } ? name : "the size";
        result.AddError($"{option}: '{text}' is no size. Give a number with B, KB, MB, GB, TB or KiB … TiB: 500MB.");
        return null;
    }

    public static string Text(long bytes)
    {
        foreach (var (unit, size) in new[] { ("TB", 1e12), ("GB", 1e9), ("MB", 1e6), ("KB", 1e3) })
            if (bytes >= size) return $"{(bytes / size).ToString("0.#", CultureInfo.InvariantCulture)} {unit}";
        return $"{bytes} B";
    }
}

using System.Globalization;
using System.Text;
using Grains.Interfaces.Model;
using Grains.Interfaces.Model.Files;

namespace Grains.Training.Data;

/// <summary>Reads one image a line: Height·Width pixels and an integer label, which is last unless a header names its column.</summary>
internal static class CsvSource
{
    private const int MostLabels = 100_000, CharactersAField = 64, MostValues = int.MaxValue / 2;
    private const long MostBytes = 1L << 37;

    public static Dataset Load(CsvData spec, CancellationToken cancellation)
    {
        if (spec.Height is < 1 or > 4096 || spec.Width is < 1 or > 4096)
            throw new SpecException(
                $"data.height, data.width: {spec.Height}x{spec.Width} is outside 1..4096. Use the size of the images in the file.");
        if (spec.MaxValue is not (> 0 and < double.PositiveInfinity))
            throw new SpecException(
                $"data.max_value: {spec.MaxValue} is not above 0. Use the pixel value that stands for white, such as 255.");

        int size = spec.Height * spec.Width;
        var training = Read("data.train", spec.Train, size, spec.MaxValue, null, cancellation, out var layout);
        var test = spec.Test is null ? null : Read("data.test", spec.Test, size, spec.MaxValue, layout, cancellation, out _);
        var classNames = DatasetAssembly.NumberedClasses(spec.Train, training.Labels);
        var cut = Splitting.CutByFractions(
            spec.Train, spec.Seed, training.Count, spec.ValidationFraction, test is null ? spec.TestFraction : null);
        string[] notes = layout.Note(spec.Train, size) is { } note ? [note] : [];
        return DatasetAssembly.Assemble(spec.Train, spec.Height, spec.Width, classNames,
            Splitting.Take(training, cut.Train, size),
            Splitting.Take(training, cut.Validation, size),
            test is null
                ? Splitting.Take(training, cut.Test, size)
                : Splitting.Take(test, Splitting.Shuffled(spec.Seed, "test", test.Count), size),
            notes, brightest => $"Set data.max_value to the value that stands for white, such as {White(brightest * spec.MaxValue)}.");
    }

    /// <summary>The smallest of the usual values that holds the brightest pixel.</summary>
    private static string White(double brightest)
    {
        double[] usual = [1, 15, 16, 255, 1023, 4095, 65535];
        double white = usual.FirstOrDefault(w => w >= Math.Round(brightest, 4), brightest);
        return white.ToString("R", CultureInfo.InvariantCulture);
    }

    /// <param name="other">The layout of the training file, for a test file without a header.</param>
    private static ImageSplit Read(
        string key, string path, int size, double maxValue, CsvLayout? other, CancellationToken cancellation, out CsvLayout layout)
    {
        CsvLayout? found = null;
        var split = WholeFile.Read($"{key}: ", path, CsvLayout.Remedy, MostBytes, file =>
        {
            CsvLayout.RequireText(key, path, file);
            List<float> pixels = [];
            List<int> labels = [];
            var line = new float[size];
            int number = 0;
            foreach (string text in Lines(file, path, (size + 1L) * CharactersAField))
            {
                cancellation.ThrowIfCancellationRequested();
                number++;
                if (string.IsNullOrWhiteSpace(text)) continue;
                if (found is null)
                {
                    found = CsvLayout.Of(text, size, $"{path}:{number}");
                    if (found.HasHeader) continue;
                    if (other is not null) found = found with { LabelColumn = other.LabelColumn };
                }
                labels.Add(ReadLine(text, line, found.LabelColumn, maxValue, $"{path}:{number}"));
                if (pixels.Count > MostValues - size)
                    throw new SpecException($"{path}:{number}: more than {MostValues} pixels. Use fewer lines.");
                pixels.AddRange(line);
            }
            return new ImageSplit([.. pixels], [.. labels]);
        });
        layout = found ?? new CsvLayout(size, null);
        return split;
    }

    /// <summary>
    /// Yields lines as <see cref="File.ReadLines(string)"/> cuts them, none of them longer than <paramref name="most"/> characters.
    /// </summary>
    private static IEnumerable<string> Lines(FileStream file, string path, long most)
    {
        using var reader = new StreamReader(file, Encoding.UTF8, detectEncodingFromByteOrderMarks: true, 1 << 16, leaveOpen: true);
        var piece = new char[1 << 16];
        var line = new StringBuilder();
        bool afterReturn = false;
        int number = 1;
        for (int read; (read = reader.Read(piece)) > 0;)
        {
            for (int at = 0; at < read;)
            {
                if (afterReturn && piece[at] == '\n')
                {
                    afterReturn = false;
                    at++;
                    continue;
                }
                afterReturn = false;
                int end = piece.AsSpan(at, read - at).IndexOfAny('\r', '\n');
                line.Append(piece, at, end < 0 ? read - at : end);
                if (line.Length > most) throw new SpecException($"{path}:{number}: more than {most} characters. Write one image a line.");
                if (end < 0) break;
                at += end + 1;
                afterReturn = piece[at - 1] == '\r';
                yield return line.ToString();
                line.Clear();
                number++;
            }
        }
        if (line.Length > 0) yield return line.ToString();
    }

    /// <summary>Fills <paramref name="pixels"/> and returns the label.</summary>
    private static int ReadLine(ReadOnlySpan<char> text, float[] pixels, int labelColumn, double maxValue, string where)
    {
        int fields = text.Count(',') + 1;
        if (fields != pixels.Length + 1)
        {
            throw new SpecException($"{where}: {fields} values, but {pixels.Length} pixels and a label make {pixels.Length + 1}. "
                + "Mend the line, or set data.height and data.width to the size of the images.");
        }

        int column = 0, pixel = 0, label = 0;
        foreach (var range in text.Split(','))
        {
            var field = CsvLayout.Plain(text[range]);
            if (column++ == labelColumn)
            {
                label = ReadLabel(field, where, column, last: column == fields);
                continue;
            }
            if (!double.TryParse(field, CultureInfo.InvariantCulture, out double value) || value is not >= 0 || value > maxValue)
            {
                throw new SpecException($"{where}: '{field}' in column {column} is no pixel within 0..{maxValue}. "
                    + "Mend the line, or set data.max_value to the value that stands for white.");
            }
            pixels[pixel++] = (float)(value / maxValue);
        }
        return label;
    }

    // Numeric tools write 3 as 3.0 or 3.000e+00.
    private static int ReadLabel(ReadOnlySpan<char> field, string where, int column, bool last) =>
        double.TryParse(field, CultureInfo.InvariantCulture, out double label) && label is >= 0 and < MostLabels && double.IsInteger(label)
            ? (int)label
            : throw new SpecException($"{where}: '{field}' in {(last ? "the last column" : $"column {column}")} is no label. "
                + "Labels are whole numbers from 0; put the label last, or name its column `label` in a header.");
}

using System.Globalization;
using Grains.Interfaces.Model;

namespace Grains.Training.Data;

/// <summary>Reads one image a line: Height·Width pixels, then an integer label.</summary>
internal static class CsvSource
{
    private const int MostLabels = 100_000;

    public static Dataset Load(CsvData spec, CancellationToken cancellation)
    {
        if (spec.Height is < 1 or > 4096 || spec.Width is < 1 or > 4096)
            throw new SpecException($"data.height, data.width: {spec.Height}x{spec.Width} is outside 1..4096. Use the size of the images in the file.");
        if (spec.MaxValue is not (> 0 and < double.PositiveInfinity))
            throw new SpecException($"data.max_value: {spec.MaxValue} is not above 0. Use the pixel value that stands for white, such as 255.");

        int size = spec.Height * spec.Width;
        var training = Read("data.train", spec.Train, size, spec.MaxValue, cancellation);
        var test = spec.Test is null ? null : Read("data.test", spec.Test, size, spec.MaxValue, cancellation);
        var classNames = DatasetAssembly.NumberedClasses(spec.Train, training.Labels);
        var cut = Splitting.CutByFractions(
            spec.Train, spec.Seed, training.Count, spec.ValidationFraction, test is null ? spec.TestFraction : null);
        return DatasetAssembly.Assemble(spec.Train, spec.Height, spec.Width, classNames,
            Splitting.Take(training, cut.Train, size),
            Splitting.Take(training, cut.Validation, size),
            test is null
                ? Splitting.Take(training, cut.Test, size)
                : Splitting.Take(test, Splitting.Shuffled(spec.Seed, "test", test.Count), size));
    }

    private static ImageSplit Read(string key, string file, int size, double maxValue, CancellationToken cancellation)
    {
        if (!File.Exists(file)) throw new SpecException($"{key}: {file} is missing. Name a CSV file that every silo can read.");

        List<float> pixels = [];
        List<int> labels = [];
        var line = new float[size];
        int number = 0;
        foreach (string text in File.ReadLines(file))
        {
            cancellation.ThrowIfCancellationRequested();
            number++;
            if (string.IsNullOrWhiteSpace(text) || (number == 1 && IsHeader(text))) continue;
            labels.Add(ReadLine(text, line, maxValue, $"{file}:{number}"));
            pixels.AddRange(line);
        }
        return new ImageSplit([.. pixels], [.. labels]);
    }

    // Pixel columns are often headed by their numbers; the label's is always headed by a word.
    private static bool IsHeader(string text) => !double.TryParse(text.AsSpan(text.LastIndexOf(',') + 1), CultureInfo.InvariantCulture, out _);

    /// <summary>Fills <paramref name="pixels"/> and returns the label.</summary>
    private static int ReadLine(ReadOnlySpan<char> text, float[] pixels, double maxValue, string where)
    {
        int fields = text.Count(',') + 1;
        if (fields != pixels.Length + 1)
        {
            throw new SpecException($"{where}: {fields} values, but {pixels.Length} pixels and a label make {pixels.Length + 1}. "
                + "Mend the line, or set data.height and data.width to the size of the images.");
        }

        int column = 0;
        foreach (var range in text.Split(','))
        {
            var field = text[range];
            if (column == pixels.Length) return ReadLabel(field, where);
            if (!double.TryParse(field, CultureInfo.InvariantCulture, out double value) || value is not >= 0 || value > maxValue)
            {
                throw new SpecException($"{where}: '{field}' in column {column + 1} is no pixel within 0..{maxValue}. "
                    + "Mend the line, or set data.max_value to the value that stands for white.");
            }
            pixels[column++] = (float)(value / maxValue);
        }
        throw new InvalidOperationException("The label is the last field.");
    }

    // Numeric tools write 3 as 3.0 or 3.000e+00.
    private static int ReadLabel(ReadOnlySpan<char> field, string where) =>
        double.TryParse(field, CultureInfo.InvariantCulture, out double label) && label is >= 0 and < MostLabels && double.IsInteger(label)
            ? (int)label
            : throw new SpecException($"{where}: '{field}' in the last column is no label. Labels are whole numbers from 0; put the label last.");
}

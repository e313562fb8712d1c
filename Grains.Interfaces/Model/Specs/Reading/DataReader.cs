using System.Collections.Immutable;

namespace Grains.Interfaces.Model.Specs.Reading;

/// <summary>Reads `data`: the fields of the family that `source` names.</summary>
internal static class DataReader
{
    /// <summary>
    /// Reads the data; null when something is wrong. Whether the files exist is asked later, by who reads them: a sweep may be written
    /// elsewhere.
    /// </summary>
    public static DataSpec? Read(MapReader map, string folder, Mistakes mistakes)
    {
        var sources = FileFields.Data;
        var source = new Field("source", new ChoiceDomain([.. sources.Select(s => s.Source)]), null, "") { Required = true };
        if (map.Read(source) is not TextValue { Text: var family }) return null;

        int before = mistakes.Count;
        var values = new Dictionary<string, SettingValue?>(StringComparer.Ordinal);
        foreach (var field in sources.Single(s => s.Source == family).Fields) values[field.Name] = map.Read(field);
        map.Finish(key => Elsewhere(key, family));
        if (values.GetValueOrDefault("validation_fraction") is NumberValue v && values["test_fraction"] is NumberValue t
            && v.Number + t.Number >= 1)
        {
            mistakes.Add(map.At("validation_fraction"), map.Take("validation_fraction") ?? map.Take("test_fraction")!, v.ToString(),
                $"and test_fraction: {t} leave nothing to train on", "Use fractions that add up to less than 1.");
        }
        return mistakes.Count == before ? Build(family, values, folder) : null;
    }

    private static DataSpec Build(string family, Dictionary<string, SettingValue?> values, string folder)
    {
        double Number(string name) => ((NumberValue)values[name]!).Number;
        int Whole(string name) => (int)Number(name);
        long seed = (long)Number("seed");
        string? PathOf(string name) => values[name] is { } text ? Path.GetFullPath(text.ToString(), Path.GetFullPath(folder)) : null;
        return family switch
        {
            "xray-phantom" => new PhantomData
            {
                Train = Whole("train"),
                Validation = Whole("validation"),
                Test = Whole("test"),
                Seed = seed,
                LabelNoise = Number("label_noise"),
            },
            "idx" => new IdxData { Path = PathOf("path")!, Validation = Whole("validation"), Seed = seed },
            "image-folder" => new ImageFolderData
            {
                Path = PathOf("path")!,
                Height = Whole("height"),
                Width = Whole("width"),
                ClassFrom = Words<ClassFrom>.Parse(values["class_from"]!.ToString()),
                ValidationFraction = Number("validation_fraction"),
                TestFraction = Number("test_fraction"),
                Seed = seed,
            },
            "csv" => new CsvData
            {
                Train = PathOf("train")!,
                Test = PathOf("test"),
                Height = Whole("height"),
                Width = Whole("width"),
                MaxValue = Number("max_value"),
                ValidationFraction = Number("validation_fraction"),
                TestFraction = Number("test_fraction"),
                Seed = seed,
            },
            _ => throw new InvalidOperationException($"No data source is called {family}."),
        };
    }

    private static string? Elsewhere(string key, string family)
    {
        var others = FileFields.Data.Where(s => s.Source != family && s.Fields.Any(f => f.Name == key)).Select(s => $"`{s.Source}`")
            .ToImmutableArray();
        return others.IsEmpty ? null : $"It belongs to source {string.Join(" or ", others)}; remove it, or change the source.";
    }
}

using System.Globalization;
using System.Text.RegularExpressions;
using Grains.Interfaces.Model;
using Grains.Interfaces.Model.Specs;
using Spectre.Console;

namespace Client.Rendering;

/// <summary>The label by which a person calls a point: the file's name for it, or its settings.</summary>
internal sealed partial class Label
{
    private const int Digits = 4;

    private readonly string? _name;
    private readonly IReadOnlyList<(string Key, string Value)> _settings;

    private Label(string? name, IReadOnlyList<(string Key, string Value)> settings)
    {
        _name = name;
        _settings = settings;
    }

    public static Label Of(TrialView trial) => Of(trial.IsNamed ? trial.Label : null, trial.IsNamed ? "" : trial.Label);

    /// <summary>Returns a label of its settings, even if it has a name.</summary>
    public static Label Of(PlannedPoint point) =>
        point.Parameters.IsEmpty ? new Label("the one point", []) : Of(null, point.Parameters.Select(p => (p.Key, $"{p.Value}")));

    public static Label Of(string? name, IEnumerable<(string Key, string Value)> settings) => new(name, [.. settings]);

    /// <param name="settings">As the journal tells them: "filters=[8, 8] dropout=0.3".</param>
    public static Label Of(string? name, string settings) =>
        new(name, [.. BeforeSetting().Split(settings)
            .Where(s => s.Length > 0).Select(s => s.Split('=', 2)).Select(p => (p[0], p.Length > 1 ? p[1] : ""))]);

    /// <summary>Rounds numbers to four significant digits, or to as many as it takes to tell one from the others.</summary>
    public static IReadOnlyList<string> Rounded(IReadOnlyList<string> values)
    {
        var shown = new Dictionary<string, string>();
        var open = values.Distinct().ToList();
        for (int digits = Digits; digits < 17 && open.Count > 0; digits++)
        {
            var alike = values.Distinct().GroupBy(v => Rounded(v, digits))
                .Where(g => g.Count() == 1).ToDictionary(g => g.Single(), g => g.Key);
            foreach (string value in open.Where(alike.ContainsKey)) shown[value] = alike[value];
            open.RemoveAll(alike.ContainsKey);
        }
        return [.. values.Select(v => shown.GetValueOrDefault(v, v))];
    }

    /// <summary>Returns the labels without what all of them have in common, their numbers rounded.</summary>
    public static IReadOnlyList<Label> Apart(IReadOnlyList<Label> labels) => OnlyWhatDiffers(WithRoundedNumbers(labels));

    /// <summary>Returns the labels' width when everything is left away that can be, short of cutting them.</summary>
    public static int Uncut(IReadOnlyList<Label> labels) =>
        WithShortKeys(OnlyWhatDiffers(WithRoundedNumbers(labels))).Select(l => l.ToString().GetCellWidth()).DefaultIfEmpty(0).Max();

    /// <summary>
    /// Fits the labels into a number of columns, each without what all of them share. Where that is too wide, keys are shortened and texts
    /// are cut.
    /// </summary>
    public static IReadOnlyList<string> Fit(IReadOnlyList<Label> labels, int room)
    {
        var different = OnlyWhatDiffers(WithRoundedNumbers(labels));
        return Texts(different, room) ?? Cut([.. WithShortKeys(different).Select(l => l.ToString())], room);
    }

    /// <summary>Returns a legend such as "bn is batch_norm, lr is learning_rate" where keys are shortened in that room, or null.</summary>
    public static string? Legend(IReadOnlyList<Label> labels, int room)
    {
        var different = OnlyWhatDiffers(WithRoundedNumbers(labels));
        if (Texts(different, room) is not null) return null;
        var pairs = different.Zip(WithShortKeys(different)).SelectMany(l => l.First._settings.Zip(l.Second._settings))
            .Where(s => s.First.Key != s.Second.Key).Select(s => $"{s.Second.Key} is {s.First.Key}").Distinct().ToList();
        return pairs.Count == 0 ? null : string.Join(", ", pairs);
    }

    /// <summary>Returns null where one of the labels is too wide.</summary>
    private static string[]? Texts(List<Label> labels, int room)
    {
        string[] texts = [.. labels.Select(l => l.ToString())];
        return texts.All(t => t.GetCellWidth() <= room) ? texts : null;
    }

    public override string ToString() => _name ?? string.Join(" ", _settings.Select(s => $"{s.Key}={s.Value}"));

    private static List<Label> WithRoundedNumbers(IReadOnlyList<Label> labels)
    {
        var shown = new Dictionary<(string, string), string>();
        foreach (var setting in labels.SelectMany(l => l._settings).Distinct().GroupBy(s => s.Key))
        {
            string[] values = [.. setting.Select(s => s.Value)];
            foreach (var (i, text) in Rounded(values).Index()) shown[(setting.Key, values[i])] = text;
        }
        return [.. labels.Select(l => new Label(l._name, [.. l._settings.Select(s => (s.Key, shown[s]))]))];
    }

    /// <summary>Returns the labels without the settings that all of them share, or unchanged where that would leave nothing.</summary>
    private static List<Label> OnlyWhatDiffers(List<Label> labels)
    {
        var unnamed = labels.Where(l => l._name is null).ToList();
        var common = unnamed.Count < 2 ? [] : unnamed[0]._settings.Where(s => unnamed.All(l => l._settings.Contains(s))).ToHashSet();
        return unnamed.All(l => l._settings.Count == common.Count) ? labels
            : [.. labels.Select(l => new Label(l._name, [.. l._settings.Where(s => !common.Contains(s))]))];
    }

    /// <summary>Shortens keys: learning_rate is lr, dropout is drop. Keys stay as they are where two would become one.</summary>
    private static List<Label> WithShortKeys(List<Label> labels)
    {
        string[] keys = [.. labels.SelectMany(l => l._settings.Select(s => s.Key)).Distinct()];
        static string Short(string key) => key.Contains('_')
            ? string.Concat(key.Split('_', StringSplitOptions.RemoveEmptyEntries).Select(w => w[0]))
            : key[..Math.Min(4, key.Length)];
        if (keys.Select(Short).Distinct().Count() < keys.Length) return labels;
        return [.. labels.Select(l => new Label(l._name, [.. l._settings.Select(s => (Short(s.Key), s.Value))]))];
    }

    /// <summary>Cuts labels in the middle. Where that makes different labels equal, their common beginning goes instead.</summary>
    private static string[] Cut(string[] labels, int room)
    {
        string[] cut = [.. labels.Select(l => Cut(l, room, atEnd: false))];
        foreach (var alike in labels.Zip(cut).Distinct().GroupBy(l => l.Second).Where(g => g.Count() > 1).ToList())
        {
            string[] whole = [.. alike.Select(l => l.First)];
            int shared = 0, head = room / 4;
            while (whole.All(l => l.Length > shared && l[shared] == whole[0][shared])) shared++;
            int from = Math.Max(head, shared == 0 ? 0 : whole[0].LastIndexOf(' ', shared - 1) + 1);
            for (int i = 0; i < labels.Length; i++)
                if (cut[i] == alike.Key)
                    cut[i] = Cut($"{labels[i][..head]}…{labels[i][Math.Min(from, labels[i].Length)..]}", room, atEnd: true);
        }
        return cut;
    }

    private static string Cut(string text, int room, bool atEnd)
    {
        if (text.GetCellWidth() <= room) return text;
        // Wide characters take two columns, so the number of those that fit is found by trying.
        for (int kept = room - 1; kept > 0; kept--)
        {
            int end = atEnd ? 0 : kept / 2;
            string cut = $"{Whole(text[..(kept - end)])}…{Whole(text[(text.Length - end)..])}";
            if (cut.GetCellWidth() <= room) return cut;
        }
        return "…";
    }

    /// <summary>Removes the half of a character that a cut has left at either end.</summary>
    private static string Whole(string part)
    {
        if (part.Length > 0 && char.IsHighSurrogate(part[^1])) part = part[..^1];
        return part.Length > 0 && char.IsLowSurrogate(part[0]) ? part[1..] : part;
    }

    private static string Rounded(string value, int digits) =>
        !IsWhole(value) && double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
            && double.IsFinite(number)
            ? new NumberValue(double.Parse(number.ToString($"E{digits - 1}", CultureInfo.InvariantCulture),
                CultureInfo.InvariantCulture)).ToString()
            : value;

    /// <summary>Counts and widths are not rounded.</summary>
    private static bool IsWhole(string value) => value.All(c => char.IsAsciiDigit(c) || c == '-');

    // A value may hold spaces, as [8, 8] does; the next setting begins with a word and an equals sign.
    [GeneratedRegex(" (?=[A-Za-z_][A-Za-z0-9_]*=)")]
    private static partial Regex BeforeSetting();
}

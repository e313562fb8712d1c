using System.Collections.Immutable;
using System.Globalization;
using Grains.Analysis.Effects;
using Grains.Interfaces.Model;
using Grains.Interfaces.Model.Metrics;
using Grains.Interfaces.Model.Specs;

namespace Tests.Unit.Analysis.Effects;

/// <summary>Makes trials and tables of effects by hand.</summary>
internal static class Trials
{
    /// <param name="settings">Such as "batch_norm=true rate=0.1"; `epochs` is 10 unless given.</param>
    public static EffectTrial Of(int number, string settings, int replicate, double? value, TrialState state = TrialState.Completed,
        FailureClass? failure = null)
    {
        var parsed = settings.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(s => s.Split('='))
            .ToImmutableSortedDictionary(s => s[0], s => Value(s[1]), StringComparer.Ordinal);
        int epochs = parsed.TryGetValue("epochs", out var budget) ? (int)((NumberValue)budget).Number : 10;
        return EffectTrial.Of(number, parsed, epochs, replicate, state, failure, value);
    }

    /// <summary>Makes the trials of each line, such as "batch_norm=true rate=0.1: 0.9 0.92", which has a value per replicate.</summary>
    public static IReadOnlyList<EffectTrial> Grid(params string[] lines)
    {
        var trials = new List<EffectTrial>();
        foreach (string[] line in lines.Select(l => l.Split(':')))
        {
            foreach (var (replicate, value) in line[1].Split(' ', StringSplitOptions.RemoveEmptyEntries).Index())
            {
                trials.Add(value switch
                {
                    "diverged" => Of(trials.Count + 1, line[0], replicate + 1, null, TrialState.Failed, FailureClass.Diverged),
                    "failed" => Of(trials.Count + 1, line[0], replicate + 1, null, TrialState.Failed, FailureClass.Error),
                    "running" => Of(trials.Count + 1, line[0], replicate + 1, 0.5, TrialState.Running),
                    "cancelled" => Of(trials.Count + 1, line[0], replicate + 1, 0.5, TrialState.Cancelled),
                    _ => Of(trials.Count + 1, line[0], replicate + 1, double.Parse(value, CultureInfo.InvariantCulture)),
                });
            }
        }
        return trials;
    }

    public static EffectTable Table(IReadOnlyList<EffectTrial> trials, string[]? where = null, params Parameter[] parameters) => new(
        new SweepId("s-1"), SweepState.Completed, Facts.ByAccuracy, "validation_accuracy", trials, parameters, where ?? []);

    public static SettingValue Value(string text) =>
        bool.TryParse(text, out bool flag) ? new BooleanValue(flag)
        : double.TryParse(text, CultureInfo.InvariantCulture, out double number) ? new NumberValue(number)
        : new TextValue(text);
}

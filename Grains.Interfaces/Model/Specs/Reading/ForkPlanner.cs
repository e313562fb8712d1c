using System.Buffers;
using System.Collections.Immutable;

namespace Grains.Interfaces.Model.Specs.Reading;

/// <summary>Lays a fork out as one trial, with the settings of its parent and the changes.</summary>
public static class ForkPlanner
{
    // These characters end the mapping, or begin a comment, an alias or a tag. They have no place in a setting's value.
    private static readonly SearchValues<char> Syntax = SearchValues.Create("{}#&*!|>%@`");

    /// <param name="parent">The spec of the parent's sweep.</param>
    /// <exception cref="SpecException">There is no such trial, or a setting is wrong or cannot change in the middle of a
    /// training.</exception>
    public static SweepPlan Of(SweepSpec parent, ForkRequest fork)
    {
        if (parent.Program is not ClassifierSpec)
            throw new SpecException($"{fork.Sweep} runs a program of its own, which cannot be forked yet. Submit a sweep with the other parameters.");
        if (parent.Search.Decides)
            throw new SpecException($"{fork.Sweep} is a search, whose trials cannot be forked yet. Submit a sweep of the trial's settings.");
        var trial = SweepPlanner.Plan(parent).Trials.FirstOrDefault(t => t.Number == fork.Trial)
            ?? throw new SpecException($"--trial: {fork.Trial} is no trial of sweep {fork.Sweep}. `sweep trials {fork.Sweep}` lists them.");
        var changed = Read(fork.Settings);
        string name = $"{fork.Sweep}/{fork.Trial} from epoch {fork.Epoch}: {string.Join(", ", changed.Select(c => $"{c.Key}={c.Value}"))}";
        var spec = parent with { Parameters = [], Trials = [new NamedPoint(name, trial.Point.Own.SetItems(changed))], Replicates = 1 };
        var point = SweepPlanner.Plan(spec).Points[0];
        if (point.Epochs <= fork.Epoch)
            throw new SpecException(
                $"--at: {fork.Epoch} leaves nothing to train of {point.Epochs} epochs. Fork earlier, or `--set epochs=…` higher.");
        if (point.Configuration.Json() == trial.Point.Configuration.Json())
            throw new SpecException(
                "--set: changes nothing that acts. A higher budget alone is no fork: submit the sweep with more epochs.");
        return new SweepPlan([point], [new PlannedTrial(1, point, trial.Replicate)]);
    }

    /// <summary>Checks that a state of the one training is a state of the other.</summary>
    /// <exception cref="SpecException">It is not such a state.</exception>
    public static void RequireSameState(Configuration from, Configuration to, DataIdentity data)
    {
        string Tensors(Configuration c) => string.Join(';', Networks.Network.Of(c.Model, data.Height, data.Width, data.Classes).Tensors
            .Select(t => $"{t.Name}:{string.Join(',', t.Dimensions)}"));
        if (Tensors(from) != Tensors(to))
        {
            throw new SpecException(
                "--set: changes the tensors of the model, which its weights then do not fit. Submit a sweep of it instead.");
        }
        if (from.Optimizer.GetType() != to.Optimizer.GetType()
            || ((from.Optimizer as Sgd)?.Momentum is null) != ((to.Optimizer as Sgd)?.Momentum is null))
            throw new SpecException("--set: changes what the optimizer remembers, so that it cannot go on. Submit a sweep of it instead.");
    }

    /// <summary>Reads the options as the settings of a trial are read, with the same checks. Messages speak of the option.</summary>
    /// <exception cref="SpecException">The options are no settings, or one is wrong.</exception>
    private static ImmutableSortedDictionary<string, SettingValue> Read(string settings)
    {
        const string remedy = "Write it as --set NAME=VALUE, such as --set learning_rate=1e-4.";
        int strange = settings.AsSpan().IndexOfAny(Syntax);
        if (strange < 0) strange = settings.AsSpan().IndexOfAnyInRange('\0', '\u001f');
        if (strange >= 0) throw new SpecException($"--set: '{settings[strange]}' in '{settings}' belongs to no setting. {remedy}");

        var mistakes = new Mistakes();
        var values = ImmutableSortedDictionary.CreateBuilder<string, SettingValue>(StringComparer.Ordinal);
        if (YamlTree.Read($"{{{settings}}}", mistakes) is YamlMap tree && MapReader.Open(tree, "", mistakes, remedy) is { } map)
        {
            foreach (var setting in SettingCatalog.Classifier.All)
                if (map.Take(setting.Name) is not null && map.Read(setting) is { } value) values[setting.Name] = value;
            map.Finish();
        }
        if (mistakes.Count > 0) throw new SpecException(string.Join('\n', mistakes.Ordered.Select(Said)));
        return values.ToImmutable();

        string Said(SpecError e) => e.Path == "(document)"
            ? $"--set: '{settings}' is no setting. {remedy}"
            : $"--set {e.Path}: {Value(e)}{RuleOf(e)}. {e.Remedy}";

        // The value of an unknown key is the key itself, which stands before it.
        static string Value(SpecError e) => e.Value == e.Path ? "" : $"{e.Value} ";

        static string RuleOf(SpecError e) => e.Rule.StartsWith("stands twice", StringComparison.Ordinal) ? "stands twice" : e.Rule;
    }
}

using System.Collections.Immutable;

namespace Grains.Interfaces.Model.Specs.Reading;

/// <summary>Checks that a program's placeholders have a value in every point.</summary>
internal static class CommandRules
{
    public static void Check(CommandSpec program, SweepSpec spec, MapReader map, ImmutableArray<(NamedPoint Point, MapReader At)> trials,
        Mistakes mistakes)
    {
        var run = (map.Child("program", "run") as YamlList)?.Items ?? [];
        // A parameter that could not be read is named all the same.
        string[] named = [.. ((map.Take("parameters") as YamlMap)?.Entries ?? []).Select(e => e.Key.Text)];
        bool sampled = trials.IsEmpty || !spec.Parameters.IsEmpty;
        foreach (var (argument, node) in program.Run.Zip(run))
        {
            foreach (string name in Placeholders.In(argument))
            {
                if (name == "epochs")
                {
                    mistakes.Add("program.run", node, "{epochs}", "may grow while the program runs",
                        "Read the environment's SWEEP_EPOCHS instead.");
                    continue;
                }
                if (sampled && !named.Contains(name))
                {
                    string remedy = Nearest.To(name, named) is { } near
                        ? $"Did you mean {{{near}}}?"
                        : $"Give `{name}` under `parameters`, or write {{{{{name}}}}} for braces as they are.";
                    mistakes.Add("program.run", node, $"{{{name}}}", "is no parameter of this sweep", remedy);
                }
                if (spec.Parameters.Any(p => p.Name == name && p.When is not null))
                    mistakes.Add("program.run", node, $"{{{name}}}", "does not exist in every point, because of its `when`",
                        "Let the program read it from the file that SWEEP_PARAMETERS names.");
                foreach (var (point, at) in trials)
                {
                    if (point.Settings.ContainsKey(name)) continue;
                    mistakes.Add(at.Path, at.Map, $"{{{name}}}", "has no value in this trial", $"Give it a value of `{name}`.");
                }
            }
        }
    }
}

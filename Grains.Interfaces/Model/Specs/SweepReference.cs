using System.Collections.Immutable;
using System.Text;
using Grains.Interfaces.Model.Metrics;

namespace Grains.Interfaces.Model.Specs;

/// <summary>The tables of docs/sweep-file.md, in Markdown.</summary>
public static class SweepReference
{
    /// <summary>The document with the text between each &lt;!-- table: NAME --&gt; and &lt;!-- end --&gt; written anew.</summary>
    public static string Refresh(string document)
    {
        foreach (var (name, table) in Tables())
        {
            string open = $"<!-- table: {name} -->\n", close = "<!-- end -->";
            int from = document.IndexOf(open, StringComparison.Ordinal) + open.Length;
            if (from < open.Length) throw new InvalidOperationException($"The document has no line {open.Trim()}.");
            document = document[..from] + table + document[document.IndexOf(close, from, StringComparison.Ordinal)..];
        }
        return document;
    }

    private static IEnumerable<(string Name, string Table)> Tables()
    {
        yield return ("model", Settings(SettingBlock.Model));
        yield return ("training", Settings(SettingBlock.Training));
        yield return ("top", Fields([FileFields.Name, FileFields.Seed, FileFields.Replicates, FileFields.InitialCheckpoint]));
        yield return ("program", Fields([.. FileFields.Program, SettingCatalog.EpochsOfCommand]));
        yield return ("objective", Fields(FileFields.ObjectiveOf(ClassifierResult.Metrics)));
        yield return ("metrics", Metrics());
        yield return ("search", Fields(FileFields.Search));
        yield return ("stop", Fields(FileFields.Stop));
        yield return ("range", Fields(FileFields.Range));
        foreach (var (source, fields) in FileFields.Data) yield return (source, Fields(fields));
    }

    private static string Settings(SettingBlock block)
    {
        var text = new StringBuilder("| Setting | Values | Default | Acts with | |\n|---|---|---|---|---|\n");
        foreach (var s in SettingCatalog.Classifier.All.Where(s => s.Block == block))
            text.Append($"| `{s.Name}` | {s.Domain.Describe()} | `{s.Default}` | {s.ActsWith?.ToString().Replace("|", "\\|")} | " +
                $"{s.Doc} |\n");
        return text.ToString();
    }

    private static string Metrics()
    {
        var text = new StringBuilder("| Metric | Better | Unit | |\n|---|---|---|---|\n");
        foreach (var m in ClassifierResult.Metrics.Metrics)
        {
            string better = m.Goal is not { } goal ? "" : goal == Goal.Maximize ? "higher" : "lower";
            text.Append($"| `{m.Name}` | {better} | {m.Unit} | {m.Meaning} |\n");
        }
        return text.ToString();
    }

    private static string Fields(ImmutableArray<Field> fields)
    {
        var text = new StringBuilder("| Key | Values | Default | |\n|---|---|---|---|\n");
        foreach (var f in fields)
            text.Append($"| `{f.Name}` | {f.Domain.Describe()} | {(f.Required ? "required" : f.Default is { } d ? $"`{d}`" : "")} | " +
                $"{f.Doc} |\n");
        return text.ToString();
    }
}

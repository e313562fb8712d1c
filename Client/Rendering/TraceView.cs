using System.Text.Json;
using Grains.Interfaces.Model;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Client.Rendering;

/// <summary>Says how much of a trace is shown.</summary>
internal enum TraceDetail
{
    /// <summary>Every span is shown.</summary>
    All,
    /// <summary>
    /// Runs of equal siblings are shown as one line, Orleans' own spans are left out, and each span has at most a few children.
    /// </summary>
    Outline,
}

/// <summary>Renders spans as a tree. Spans of one process under one parent stand together.</summary>
internal static class TraceView
{
    private const int OutlineChildren = 4, ShortestRun = 3;

    public static object Json(SpanRecord s) => new
    {
        s.TraceId,
        s.SpanId,
        s.ParentId,
        s.Name,
        s.Source,
        s.Process,
        s.Start,
        milliseconds = s.Duration.TotalMilliseconds,
        s.Error,
        tags = ParseTags(s.Tags),
    };

    private static JsonElement? ParseTags(string tags)
    {
        try
        {
            return string.IsNullOrEmpty(tags) ? null : JsonSerializer.Deserialize<JsonElement>(tags);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public static IRenderable Tree(IReadOnlyList<SpanRecord> spans, TraceDetail detail)
    {
        var nodes = Build(spans, detail == TraceDetail.Outline);
        var trace = spans.GroupBy(s => s.TraceId).MaxBy(g => g.Count())!.Key;
        var processes = spans.GroupBy(s => s.Process).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => $"{g.Key} {g.Count()}");
        var tree = new Tree(new Markup($"trace [bold]{Markup.Escape(trace)}[/]  [grey]{Markup.Escape(string.Join(", ", processes))}[/]"))
        {
            Guide = TreeGuide.Line,
        };
        Add(tree, nodes, detail, parentProcess: null);
        return tree;
    }

    private sealed class Node(SpanRecord span)
    {
        public SpanRecord Span { get; } = span;

        public List<Node> Children { get; } = [];

        /// <summary>Spans of equal shape form a run: they have the same name and process, and the same below.</summary>
        public string Shape => $"{Span.Process}|{Span.Name}|{Span.Error}|{string.Join(';', Children.Select(c => c.Shape).Distinct())}";
    }

    /// <summary>Spans whose parents are missing (dropped, or not ended yet) stand at the root.</summary>
    private static List<Node> Build(IReadOnlyList<SpanRecord> spans, bool withoutOrleans)
    {
        var nodes = new Dictionary<string, Node>();
        foreach (var span in spans) nodes[span.SpanId] = new Node(span);
        bool Shown(Node n) => !withoutOrleans || !n.Span.Source.StartsWith("Microsoft.Orleans", StringComparison.Ordinal);
        var roots = new List<Node>();
        foreach (var node in nodes.Values.Where(Shown).OrderBy(n => n.Span.Start))
        {
            var parent = Parent(node);
            while (parent is not null && !Shown(parent)) parent = Parent(parent);
            (parent?.Children ?? roots).Add(node);
        }
        return roots;

        Node? Parent(Node n) => n.Span.ParentId is { } id && nodes.TryGetValue(id, out var parent) && parent != n ? parent : null;
    }

    private static void Add(IHasTreeNodes parent, List<Node> children, TraceDetail detail, string? parentProcess)
    {
        // Spans are grouped by process, in the order in which each first appears.
        var grouped = children.GroupBy(c => c.Span.Process).SelectMany(g => g).ToList();
        var runs = detail == TraceDetail.All ? [.. grouped.Select(n => new List<Node> { n })] : Runs(grouped);
        int most = detail == TraceDetail.Outline && parentProcess is not null ? OutlineChildren : int.MaxValue;
        foreach (var run in runs.Take(most))
        {
            var node = parent.AddNode(Label(run, parentProcess));
            Add(node, run.Count == 1 ? run[0].Children : Sample(run), detail, run[0].Span.Process);
        }
        if (runs.Count > most) parent.AddNode(new Markup($"[grey]… {runs.Skip(most).Sum(r => r.Count)} more[/]"));
    }

    /// <summary>One span of a run stands for all below it.</summary>
    private static List<Node> Sample(List<Node> run) => run[0].Children.Count == 0 ? [] : run[0].Children;

    private static List<List<Node>> Runs(List<Node> siblings)
    {
        var runs = new List<List<Node>>();
        foreach (var group in siblings.GroupBy(n => n.Shape))
        {
            if (group.Count() >= ShortestRun) runs.Add([.. group]);
            else runs.AddRange(group.Select(n => new List<Node> { n }));
        }
        return [.. runs.OrderBy(r => r[0].Span.Process == siblings[0].Span.Process ? 0 : 1).ThenBy(r => r[0].Span.Start)];
    }

    private static Markup Label(List<Node> run, string? parentProcess)
    {
        var first = run[0].Span;
        string process = first.Process == parentProcess ? "" : $"{Words.Marked(first.Process, "blue")} ";
        string error = first.Error is null ? "" : $" {Words.Marked(first.Error, "red")}";
        string name = Markup.Escape(first.Name);
        if (run.Count == 1) return new Markup($"{process}{name}{Details(first)} [green]{Words.Span(first.Duration)}[/]{error}");
        var total = TimeSpan.FromTicks(run.Sum(n => n.Span.Duration.Ticks));
        return new Markup($"{process}{name} ×{run.Count} [green]{Words.Span(total / run.Count)} each, " +
            $"{Words.Span(total)} in all[/]{error}");
    }

    /// <summary>Returns what tells a span from its siblings.</summary>
    private static string Details(SpanRecord span)
    {
        if (ParseTags(span.Tags) is not { ValueKind: JsonValueKind.Object } tags) return "";
        var told = tags.EnumerateObject()
            .Where(t =>
            t.Name is "trial" or "trials" or "epoch" or "attempt" or "label" or "sweep.trial" or "training.epoch" or "training.attempt");
        string text = string.Join(" ", told.Select(t => $"{t.Name[(t.Name.IndexOf('.') + 1)..]}={t.Value}"));
        return text.Length == 0 ? "" : $" [grey]{Markup.Escape(text)}[/]";
    }
}

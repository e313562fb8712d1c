using System.Collections.Immutable;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Grains.Interfaces.Model.Specs.Reading;

/// <summary>
/// Builds the tree from YamlDotNet's events. A file that is no YAML gives a mistake and no tree, because nothing after it can be trusted.
/// </summary>
internal sealed class YamlTree
{
    // A sweep file is five levels deep; a bound keeps a hostile one from exhausting the stack.
    private const int MaxDepth = 32;

    private readonly Parser _parser;
    private readonly Mistakes _mistakes;
    private readonly Dictionary<string, YamlNode> _anchors = [];

    private YamlTree(string text, Mistakes mistakes) => (_parser, _mistakes) = (new Parser(new StringReader(text)), mistakes);

    public static YamlNode? Read(string text, Mistakes mistakes)
    {
        // YamlDotNet takes the mark for a part of the first key.
        if (text.StartsWith(Characters.ByteOrderMark)) text = text[1..];
        if (!Characters.Check(text, mistakes)) return null;
        var tree = new YamlTree(text, mistakes);
        try
        {
            return tree.Document();
        }
        catch (YamlException e)
        {
            NoYaml(e.Start, (e.InnerException?.Message ?? e.Message).Trim().TrimEnd('.'));
        }
        catch (InvalidOperationException)
        {
            // YamlDotNet 16.3 loses its state over a bracket that is not closed. The place to look is where it read last.
            NoYaml(tree._parser.Current?.End ?? Mark.Empty, "a bracket or a quotation mark is not closed");
        }
        return null;

        void NoYaml(Mark mark, string problem)
        {
            if (TabIndented(text) is { } tab)
            {
                mistakes.Add("(document)", tab, "is not YAML: a tab indents it", "Indent by spaces.");
                return;
            }
            int line = Math.Max(1, (int)mark.Line);
            string at = text.ReplaceLineEndings("\n").Split('\n').ElementAtOrDefault(line - 1)?.Trim() ?? "";
            mistakes.Add("(document)", new YamlScalar(at, true, line, Math.Max(1, (int)mark.Column)), $"is not YAML: {problem}",
                "Check the indentation (spaces, no tabs), the colons and the brackets on this line and the one before.");
        }
    }

    /// <summary>The first line that a tab indents; null for none. YamlDotNet names the line where the block began.</summary>
    private static YamlScalar? TabIndented(string text)
    {
        string[] lines = text.ReplaceLineEndings("\n").Split('\n');
        for (int i = 0; i < lines.Length; i++)
        {
            string content = lines[i].TrimStart(' ', '\t');
            int tab = lines[i].IndexOf('\t', StringComparison.Ordinal);
            bool indents = content.Length > 0 && tab >= 0 && tab < lines[i].Length - content.Length;
            if (indents) return new YamlScalar(content.TrimEnd(), true, i + 1, tab + 1);
        }
        return null;
    }

    private YamlNode? Document()
    {
        _parser.Consume<StreamStart>();
        if (_parser.Accept<StreamEnd>(out _))
        {
            _mistakes.Add("(document)", new YamlScalar("", false, 1, 1), "is no sweep: the file is empty",
                "Start with `name:` and `data:`.");
            return null;
        }
        _parser.Consume<DocumentStart>();
        var root = Node(0);
        _parser.Consume<DocumentEnd>();
        if (_parser.Accept<DocumentStart>(out var second))
        {
            _mistakes.Add("(document)", new YamlScalar("---", false, (int)second.Start.Line, (int)second.Start.Column),
                "starts a second document",
                "Give each sweep a file of its own.");
        }
        return root;
    }

    private YamlNode Node(int depth)
    {
        if (_parser.TryConsume<AnchorAlias>(out var alias))
        {
            return _anchors.TryGetValue(alias.Value.Value, out var known)
                ? known
                : throw new YamlException(alias.Start, alias.End, $"no anchor &{alias.Value.Value} stands before it");
        }
        var start = _parser.Consume<NodeEvent>();
        if (depth > MaxDepth) throw new YamlException(start.Start, start.End, $"it is nested more than {MaxDepth} deep");
        int line = (int)start.Start.Line, column = (int)start.Start.Column;
        YamlNode node = start switch
        {
            Scalar scalar => new YamlScalar(scalar.Value, scalar.Style is not (ScalarStyle.Plain or ScalarStyle.Any), line, column),
            SequenceStart => new YamlList(Items(depth), line, column),
            MappingStart => new YamlMap(Entries(depth), line, column),
            _ => throw new YamlException(start.Start, start.End, $"{start.GetType().Name} is not expected here"),
        };
        if (!start.Anchor.IsEmpty) _anchors[start.Anchor.Value] = node;
        return node;
    }

    private ImmutableArray<YamlNode> Items(int depth)
    {
        var items = ImmutableArray.CreateBuilder<YamlNode>();
        while (!_parser.TryConsume<SequenceEnd>(out _)) items.Add(Node(depth + 1));
        return items.ToImmutable();
    }

    private ImmutableArray<(YamlScalar, YamlNode)> Entries(int depth)
    {
        var entries = ImmutableArray.CreateBuilder<(YamlScalar, YamlNode)>();
        while (!_parser.TryConsume<MappingEnd>(out _))
        {
            var at = _parser.Current!;
            if (Node(depth + 1) is not YamlScalar key) throw new YamlException(at.Start, at.End, "a key is a list or a mapping");
            entries.Add((key, Node(depth + 1)));
        }
        return entries.ToImmutable();
    }
}

using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Grains.Interfaces.Model.Metrics;

namespace Grains.Programs;

/// <summary>What a program reports for one epoch.</summary>
/// <param name="Checkpoint">The subfolder that holds the state at the epoch; null for none.</param>
internal sealed record MetricsLine(int Epoch, MetricValues Values, string? Checkpoint)
{
    public const string EpochName = "epoch", CheckpointName = "checkpoint";

    private const int Shown = 200;

    /// <summary>
    /// Reads a line. NaN and infinities are accepted as the libraries of Python and C write them, and null is NaN.
    /// </summary>
    /// <param name="metrics">The metrics that must be there, and nothing else.</param>
    /// <param name="epoch">The epoch that must come now.</param>
    /// <exception cref="MetricsMistakeException">The line breaks the protocol.</exception>
    public static MetricsLine Read(string line, ImmutableArray<string> metrics, int epoch)
    {
        try
        {
            using var document = JsonDocument.Parse(WithLiterals(line));
            if (document.RootElement.ValueKind != JsonValueKind.Object)
                throw Mistake(line, "is no JSON object", "Write one object per line, such as {\"epoch\": 1, \"loss\": 0.5}.");
            return Read(line, document.RootElement, metrics, epoch);
        }
        catch (JsonException e)
        {
            throw Mistake(line, $"is no JSON ({e.Message.Split(". ")[0].TrimEnd('.')})",
                "Write one object per line, such as {\"epoch\": 1, \"loss\": 0.5}.");
        }
    }

    private static MetricsLine Read(string line, JsonElement json, ImmutableArray<string> metrics, int epoch)
    {
        var values = new double?[metrics.Length];
        int? reported = null;
        string? checkpoint = null;
        foreach (var (name, value) in json.EnumerateObject().Select(p => (p.Name, p.Value)))
        {
            int place = metrics.IndexOf(name);
            bool repeated;
            if (name == EpochName)
            {
                repeated = reported is not null;
                reported = value.ValueKind == JsonValueKind.Number && value.GetDouble() is >= 0 and <= int.MaxValue and var number
                    && double.IsInteger(number) ? (int)number
                    : throw Mistake(line, $"has the epoch {value.GetRawText()}", "Give a whole number.");
            }
            else if (name == CheckpointName)
            {
                repeated = checkpoint is not null;
                checkpoint = value.ValueKind == JsonValueKind.String ? value.GetString()!
                    : throw Mistake(line, $"has the checkpoint {value.GetRawText()}",
                        "Give the name of a subfolder of $SWEEP_CHECKPOINT as a string, or leave it out.");
            }
            else if (place < 0)
            {
                throw Mistake(line, $"has {name}, which is not declared",
                    $"Declared are {string.Join(", ", metrics)}: add it to program.metrics, or do not report it.");
            }
            else
            {
                repeated = values[place] is not null;
                values[place] = value.ValueKind switch
                {
                    JsonValueKind.Number => value.GetDouble(),
                    JsonValueKind.Null => double.NaN,
                    _ => throw Mistake(line, $"has the value {Short(value.GetRawText())} for {name}", "Give a number, NaN or null."),
                };
            }
            if (repeated) throw Mistake(line, $"has {name} twice", "Report each value once.");
        }

        if (reported is null) throw Mistake(line, "has no epoch", $"Report \"epoch\": {epoch} with the metrics.");
        if (reported != epoch)
        {
            throw Mistake(line, $"is of epoch {reported}, and epoch {epoch} comes next",
                "Report every epoch once and in order, beginning with $SWEEP_FROM_EPOCH + 1.");
        }
        string[] missing = [.. metrics.Where((_, i) => values[i] is null)];
        if (missing.Length > 0)
        {
            throw Mistake(line, $"lacks {string.Join(" and ", missing)}",
                "Report every metric in every line, or take it out of program.metrics.");
        }
        var packer = new MetricValues.Packer();
        foreach (double? value in values) packer.Number(value!.Value);
        return new(epoch, packer.Done(), checkpoint);
    }

    /// <summary>Replaces the words for what is no number by what a JSON reader takes: NaN by null, an infinity by a number beyond all.
    /// </summary>
    private static string WithLiterals(string line)
    {
        StringBuilder? made = null;
        int copied = 0;
        bool quoted = false;
        for (int i = 0; i < line.Length; i++)
        {
            if (line[i] == '"') quoted = !quoted;
            if (quoted)
            {
                if (line[i] == '\\') i++;
                continue;
            }
            if (!char.IsAsciiLetter(line[i])) continue;
            int begin = i;
            while (i + 1 < line.Length && char.IsAsciiLetter(line[i + 1])) i++;
            string? literal = line[begin..(i + 1)].ToUpperInvariant() switch
            {
                "NAN" => "null",
                "INF" or "INFINITY" => "1e999",
                _ => null,
            };
            if (literal is null) continue;
            // A sign before NaN says nothing, and one before an infinity stays where it is.
            int end = literal == "null" && begin > 0 && line[begin - 1] == '-' ? begin - 1 : begin;
            (made ??= new()).Append(line, copied, end - copied).Append(literal);
            copied = i + 1;
        }
        return made is null ? line : made.Append(line, copied, line.Length - copied).ToString();
    }

    private static MetricsMistakeException Mistake(string line, string what, string remedy) =>
        new($"The line {Short(line)} of $SWEEP_METRICS {what}. {remedy}");

    private static string Short(string text) => text.Length <= Shown ? text : text[..Shown] + "…";
}

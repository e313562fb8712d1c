using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Grains.Interfaces.Model;
using OpenTelemetry;

namespace Grains.Telemetry;

/// <summary>Hands finished spans to the span store.</summary>
/// <param name="store">The store, which swallows and logs its own failures.</param>
/// <param name="process">"client" or the silo's name.</param>
public sealed class SpanStoreExporter(SpanStore store, string process) : BaseExporter<Activity>
{
    public override ExportResult Export(in Batch<Activity> batch)
    {
        var spans = new List<SpanRecord>((int)batch.Count);
        foreach (var activity in batch) spans.Add(RecordOf(activity, process));
        return store.Add(spans) ? ExportResult.Success : ExportResult.Failure;
    }

    public static SpanRecord RecordOf(Activity activity, string process) => new()
    {
        TraceId = activity.TraceId.ToHexString(),
        SpanId = activity.SpanId.ToHexString(),
        ParentId = activity.ParentSpanId == default ? null : activity.ParentSpanId.ToHexString(),
        Name = activity.DisplayName,
        Source = activity.Source.Name,
        Process = process,
        Start = new DateTimeOffset(activity.StartTimeUtc, TimeSpan.Zero),
        Duration = activity.Duration,
        Error = activity.Status == ActivityStatusCode.Error ? activity.StatusDescription ?? ExceptionOf(activity) ?? "failed" : null,
        Tags = JsonSerializer.Serialize(activity.TagObjects.GroupBy(t => t.Key).ToDictionary(g => g.Key, g => Plain(g.Last().Value))),
    };

    private static string? ExceptionOf(Activity activity) => activity.Events
        .Where(e => e.Name == "exception")
        .SelectMany(e => e.Tags)
        .FirstOrDefault(t => t.Key == "exception.message").Value?.ToString();

    private static object? Plain(object? value) => value switch
    {
        null or string or bool or int or long => value,
        double number when double.IsFinite(number) => number,
        _ => Convert.ToString(value, CultureInfo.InvariantCulture),
    };
}

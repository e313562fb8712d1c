using System.Text.Json;
using Grains.Interfaces.Model;
using Grains.Interfaces.Model.Metrics;

namespace Client.Watching;

/// <summary>
/// Writes one JSON object a line for each durable fact, with the cursor behind it. A reader of the lines goes on from there after any end.
/// </summary>
internal sealed class JsonWatch : IWatchView
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        NumberHandling = System.Text.Json.Serialization.JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    private MetricVocabulary? _metrics;

    public void Show(SweepUpdate update)
    {
        // The first update of a watch is a snapshot, which says what is reported for each epoch.
        if (update is Snapshot { Sweep.Metrics: var metrics }) _metrics = metrics;
        string cursor = update.Cursor.ToString();
        object? line = update switch
        {
            EpochMeasured { Measurement: var m } measured => new
            {
                cursor,
                kind = "Epoch",
                measured.Trial,
                m.Epoch,
                metrics = _metrics?.Named(m.Values).ToDictionary(),
                m.Seconds,
            },
            LifecycleChanged change => new { cursor, change.Kind, change.Trial, change.Reason },
            _ => null,
        };
        if (line is null) return;
        Console.Out.WriteLine(JsonSerializer.Serialize(line, Options));
        Console.Out.Flush();
    }

    public void Lost(string why) => Console.Error.WriteLine($"the cluster does not answer ({why}); asking again");

    public void End(SweepSummary summary)
    {
        // The sweep's last event has told it.
    }
}

using System.Text.Json;
using Grains.Interfaces.Model;

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

    public void Show(SweepUpdate update)
    {
        string cursor = update.Cursor.ToString();
        object? line = update switch
        {
            EpochMeasured { Measurement: var m } measured => new
            {
                cursor,
                kind = "Epoch",
                measured.Trial,
                m.Epoch,
                trainLoss = m.Train.Loss,
                trainAccuracy = m.Train.Accuracy,
                validationLoss = m.Validation.Loss,
                validationAccuracy = m.Validation.Accuracy,
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

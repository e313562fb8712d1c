using System.Text;
using Grains.Interfaces.Model;
using Grains.Interfaces.Model.Metrics;
using Grains.Interfaces.Model.Recorded;
using Grains.Training;

namespace Grains.Trainings;

/// <summary>Replays a recorded curve. Its state is the number of epochs that were replayed.</summary>
public sealed class RecordedLoop(RecordedCurves curves, RecordedConfiguration configuration, TrainingState start) : IEpochLoop
{
    private readonly int _row = curves.Nearest(configuration).Row;

    public int Epoch { get; private set; } = start.Epoch;

    public bool HasState => true;

    public Measurement TrainEpoch(int until, TimeProvider clock, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        Epoch++;
        var values = new MetricValues.Packer();
        foreach (string metric in configuration.Metrics) values.Number(curves.Value(_row, Epoch, metric));
        double seconds = !curves.HasTime ? 0
            : curves.Value(_row, Epoch, "time") - (Epoch == 1 ? 0 : curves.Value(_row, Epoch - 1, "time"));
        return new Measurement { Epoch = Epoch, Values = values.Done(), Seconds = seconds };
    }

    public TrainingState Save() => new(Epoch, SaveWeights(), []);

    public byte[] SaveWeights() => Encoding.UTF8.GetBytes($"{Canonical.Json(configuration)} {Epoch}\n");

    public void Dispose()
    {
    }
}

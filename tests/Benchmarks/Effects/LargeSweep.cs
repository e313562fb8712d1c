using System.Diagnostics;
using System.Globalization;
using Benchmarks.Journal;
using Grains.Interfaces;
using Grains.Interfaces.Model;
using Grains.Interfaces.Model.Views;

namespace Benchmarks.Effects;

/// <summary>Asks a silo for the effects of a large sweep, whose trainings compute nothing. All else is as in a real cluster.</summary>
internal static class LargeSweep
{
    private const int Epochs = 10;
    private static readonly SweepId s_id = new("large");

    /// <returns>The seconds of the first and of a second answer, over a grid of 100 points.</returns>
    public static async Task<(double First, double Again)> Ask(int replicates)
    {
        using var folder = new ScratchFolder();
        await using var silo = await BenchmarkSilo.Start(folder.Path, slots: 64);
        string text = string.Create(CultureInfo.InvariantCulture, $$"""
            name: large
            data: {source: xray-phantom, train: 16, validation: 16, test: 16}
            model: {hidden: [4]}
            training: {batch_size: 16, epochs: {{Epochs}}}
            parameters:
              learning_rate: {values: [1e-5, 1e-4, 1e-3, 1e-2, 1e-1]}
              activation: {values: [relu, tanh, sigmoid, elu, leaky_relu]}
              dropout: {values: [0, 0.1, 0.2, 0.3]}
            replicates: {{replicates}}
            """);
        await silo.Grains.GetGrain<ISweepGrain>(s_id.Value).Submit(new SubmitRequest(text, folder.Path, "large.yaml", null), default);
        while ((await silo.Reader.Sweep(s_id))!.State != SweepState.Completed) await Task.Delay(100);
        return (await Seconds(), await Seconds());

        async Task<double> Seconds()
        {
            long begin = Stopwatch.GetTimestamp();
            var view = await silo.Grains.GetGrain<ISweepReaderGrain>(0).Effects(s_id, new EffectsQuestion(null, []), default);
            double seconds = Stopwatch.GetElapsedTime(begin).TotalSeconds;
            if (view!.Factors.Sum(f => f.Effects.Length) != 11) throw new InvalidOperationException("Some comparisons are missing.");
            return seconds;
        }
    }
}

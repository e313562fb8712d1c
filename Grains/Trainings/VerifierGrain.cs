using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Grains.Hosting;
using Grains.Interfaces;
using Grains.Interfaces.Model;
using Grains.Interfaces.Model.Metrics;
using Grains.Leases;
using Grains.Storage.Checkpoints;
using Grains.Storage.Journal;
using Grains.Training;
using Grains.Training.Numerics;
using Orleans.Concurrency;

namespace Grains.Trainings;

/// <summary>Repeats a training on a thread of its own and tells each epoch's comparison as it comes.</summary>
[StatelessWorker]
public sealed class VerifierGrain(JournalReader reader, TrainingPrograms programs, SiloIdentity silo, TimeProvider clock)
    : Grain, IVerifierGrain
{
    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(2);

    public async IAsyncEnumerable<VerifiedEpoch> Verify(TrialId trial, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if ((await reader.Trials(trial.Sweep)).FirstOrDefault(t => t.Number == trial.Number) is not { } row)
            throw new SpecException(
                $"--trial: {trial.Number} is no trial of sweep {trial.Sweep}. `sweep trials {trial.Sweep}` lists them.");
        var recipe = Recipe.Read(row.RecipeJson);
        if (!recipe.Repeats)
        {
            throw new SpecException($"Trial {trial}: its program does not promise the same numbers again (program.repeatable), so that there is " +
                "nothing to verify.");
        }
        var training = await reader.Training(new Digest(row.Recipe))
            ?? throw new SpecException($"Trial {trial} has no training in the journal.");
        var recorded = (await reader.WholeMeasurements(new Digest(row.Recipe), 1, row.Visible)).Select(m => m.ToMeasurement()).ToList();
        if (recorded.Count == 0) throw new SpecException($"Trial {trial} has no epoch to compare with yet.");

        VerifiedEpoch Say(int epoch, string? difference) => new(epoch, difference, silo.Fingerprint, training.Fingerprint ?? "unknown");
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var news = Channel.CreateUnbounded<VerifiedEpoch>();
        new Thread(() => Repeat(new Digest(row.Recipe), recipe, training.Data, recorded, row.FinalCheckpoint,
            (e, d) => news.Writer.TryWrite(Say(e, d)), news.Writer, ended.Token))
        { IsBackground = true, Name = $"verify {row.Recipe[..12]}" }.Start();
        try
        {
            while (true)
            {
                var more = news.Reader.WaitToReadAsync(cancellationToken).AsTask();
                while (await Task.WhenAny(more, Task.Delay(KeepAlive, clock, cancellationToken)) != more) yield return Say(0, null);
                if (!await more) yield break;
                while (news.Reader.TryRead(out var epoch)) yield return epoch;
            }
        }
        finally
        {
            await ended.CancelAsync();
        }
    }

    private void Repeat(Digest name, Recipe recipe, string beside, List<Measurement> recorded, string? finalWeights, Action<int, string?> say,
        ChannelWriter<VerifiedEpoch> news, CancellationToken ended)
    {
        try
        {
            NumericThread.LowerPriority();
            NumericThread.Prepare();
            var program = programs.Of(recipe);
            using var loop = program.Begin(new LoopStart(name, recipe, beside, program.FirstState(recipe), Slot: 0), ended);
            foreach (var known in recorded)
            {
                var measured = loop.TrainEpoch(recorded[^1].Epoch, clock, ended);
                string? difference = measured.SameNumbers(known) ? null : Difference(program.MetricsOf(recipe), known, measured);
                say(known.Epoch, difference);
                if (difference is not null) break;
            }
            if (finalWeights is not null && loop.Epoch == recorded[^1].Epoch)
            {
                var weights = Digest.Of(loop.Save().Weights);
                say(loop.Epoch, weights.Value == finalWeights
                    ? null
                    : $"the weights are {weights.Short}, recorded are {finalWeights[..12]}");
            }
            news.Complete();
        }
        catch (Exception e)
        {
            news.Complete(e);
        }
    }

    private static string Difference(MetricVocabulary metrics, Measurement known, Measurement measured)
    {
        for (int i = 0; i < metrics.Metrics.Length; i++)
        {
            double a = known.Values.Value(i), b = measured.Values.Value(i);
            if (Bits.Of(a) != Bits.Of(b)) return $"the {metrics.Metrics[i].Name} is {b:R}, recorded is {a:R}";
        }
        return "the counts differ";
    }
}

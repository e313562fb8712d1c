using Grains.Hosting;
using Grains.Interfaces.Model;
using Grains.Storage.Journal;

namespace Grains.Leases;

/// <summary>The number of times a training's silo has died under it since its last new epoch. Progress clears the count.</summary>
/// <param name="Crashes">The deaths by a crash, those for memory included.</param>
/// <param name="Losses">The deaths by a kill, a lost connection or a hang. They are nobody's fault, and retried without bound.</param>
public sealed record Charges(int Crashes, int OfMemory, int Losses)
{
    public static Charges Of(IReadOnlyCollection<AttemptOutcome> deaths)
    {
        int memory = deaths.Count(d => d == AttemptOutcome.OutOfMemory), crashes = memory + deaths.Count(d => d == AttemptOutcome.Crashed);
        return new Charges(crashes, memory, deaths.Count - crashes);
    }

    /// <summary>
    /// Whether it is trained alone on a silo from here on: after the first crash, or after many losses. A crash is charged to everything
    /// that the silo trained. So at most the first of three can be another's, and an innocent training makes an epoch alone.
    /// </summary>
    public bool MakeSuspect(SweepOptions options) => Crashes > 0 || Losses >= options.LossesBeforeAlone;

    /// <summary>The failure that is recorded; null when it may try again.</summary>
    public TrainingFailure? Verdict(SweepOptions options)
    {
        if (Crashes < options.CrashesBeforeFailure) return null;
        return OfMemory * 2 > Crashes
            ? TrainingFailure.Whole(FailureClass.OutOfMemory,
                $"Its silo was killed for memory {OfMemory} times under it without a new epoch. " +
                "Try a smaller batch or model, or fewer slots. Then `sweep retry`.")
            : TrainingFailure.Whole(FailureClass.Crashed,
                $"Its silo crashed {Crashes} times under it without a new epoch. The silos' logs may tell why. Then `sweep retry`.");
    }
}

using Grains.Hosting;
using Grains.Interfaces.Model;
using Grains.Storage.Journal;

namespace Grains.Leases;

/// <summary>How often a training's silo has died under it since its last new epoch. Progress pays all of it off.</summary>
/// <param name="Crashes">Deaths for memory among them.</param>
/// <param name="Losses">Killed, unreachable, hung: nobody's fault, and retried without bound.</param>
public sealed record Charges(int Crashes, int OfMemory, int Losses)
{
    public static Charges Of(IReadOnlyCollection<AttemptOutcome> deaths)
    {
        int memory = deaths.Count(d => d == AttemptOutcome.OutOfMemory), crashes = memory + deaths.Count(d => d == AttemptOutcome.Crashed);
        return new Charges(crashes, memory, deaths.Count - crashes);
    }

    /// <summary>
    /// Whether it is trained alone on a silo from here on: after the first crash, or after many losses. A crash is charged to everything
    /// that the silo trained; so at most the first of three can be another's, and who is innocent makes an epoch alone.
    /// </summary>
    public bool MakeSuspect(SweepOptions options) => Crashes > 0 || Losses >= options.LossesBeforeAlone;

    /// <summary>How it is failed; null when it may try again.</summary>
    public TrainingFailure? Verdict(SweepOptions options)
    {
        if (Crashes < options.CrashesBeforeFailure) return null;
        return OfMemory * 2 > Crashes
            ? TrainingFailure.Whole(FailureClass.OutOfMemory, $"Its silo was killed for memory {OfMemory} times under it without a new epoch. Try a smaller batch or model, or fewer slots. Then `sweep retry`.")
            : TrainingFailure.Whole(FailureClass.Crashed, $"Its silo crashed {Crashes} times under it without a new epoch. The silos' logs may tell why. Then `sweep retry`.");
    }
}

using Grains.Interfaces.Model;

namespace Grains.Leases;

/// <summary>How often a training's silo has died under it since its last new epoch. Progress pays all of it off.</summary>
/// <param name="Crashes">Deaths for memory among them.</param>
/// <param name="Losses">Killed, unreachable, hung: nobody's fault until they are many.</param>
public sealed record Charges(int Crashes, int OfMemory, int Losses)
{
    public static Charges Of(IReadOnlyCollection<Death> deaths)
    {
        int memory = deaths.Count(d => d == Death.OutOfMemory), crashes = memory + deaths.Count(d => d == Death.Crashed);
        return new Charges(crashes, memory, deaths.Count - crashes);
    }

    /// <summary>
    /// Whether it is trained alone on a silo from here on: after the first crash, or half of the losses that fail it. A crash is charged to everything
    /// that the silo trained; so at most the first of three can be another's, and who is innocent makes an epoch alone.
    /// </summary>
    public bool MakeSuspect(SweepOptions options) => Crashes > 0 || 2 * Losses >= options.LossesBeforeFailure;

    /// <summary>Why it is failed; null when it may try again.</summary>
    public (FailureClass Failure, string Reason)? Verdict(SweepOptions options)
    {
        bool poisoned = Crashes >= options.CrashesBeforeFailure;
        if (!poisoned && Crashes + Losses < options.LossesBeforeFailure) return null;
        return poisoned && OfMemory * 2 > Crashes
            ? (FailureClass.OutOfMemory, $"Its silo was killed for memory {OfMemory} times under it without a new epoch. Try a smaller batch or model, or fewer slots. Then `sweep retry`.")
            : (FailureClass.Crashed, $"Its silo {(poisoned ? $"crashed {Crashes}" : $"was lost {Crashes + Losses}")} times under it without a new epoch. The silos' logs may tell why. Then `sweep retry`.");
    }
}

namespace Tests.Faults.Chaos;

/// <summary>Marks tests that would take .ci/run beyond its half hour.</summary>
internal static class Soak
{
    public static bool Wanted => Environment.GetEnvironmentVariable("SWEEP_SOAK") == "1";

    public static void Only() => Assert.SkipUnless(Wanted, "takes many minutes: .ci/soak runs it, or SWEEP_SOAK=1");
}

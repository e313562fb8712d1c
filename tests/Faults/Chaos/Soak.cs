namespace Tests.Faults.Chaos;

/// <summary>Tests that would take .ci/run beyond its half hour.</summary>
internal static class Soak
{
    public static void Only() => Assert.SkipUnless(Environment.GetEnvironmentVariable("SWEEP_SOAK") == "1", "takes many minutes: .ci/soak runs it, or SWEEP_SOAK=1");
}

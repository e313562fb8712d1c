namespace Tests.Faults.Chaos;

/// <summary>
/// Shows what is left of a sweep that was struck, and what must not be. All tests share one list of claims, and some tests break a promise
/// on purpose. Those show that each claim can fail.
/// </summary>
/// <param name="Digest">Null when the sweep has none.</param>
/// <param name="Resumed">Attempts that went on from an epoch above 0.</param>
/// <param name="StaleWrites">Epochs that an attempt wrote after a later attempt on the same training had written it, or a later
/// one.</param>
/// <param name="OpenAttempts">Attempts that nobody has ended.</param>
internal sealed record Evidence(string? Digest, long Resumed, long StaleWrites, long OpenAttempts, int DoctorExit, string Doctor)
{
    // An epoch's row is its first writer's, while trained_epoch has everybody who was allowed to write it.
    private const string StaleSql = """
        SELECT (SELECT COUNT(*) FROM trained_epoch t JOIN measurement m ON m.recipe = t.recipe AND m.epoch = t.epoch WHERE t.attempt < m.attempt)
             + (SELECT COUNT(*) FROM measurement early JOIN measurement late ON late.recipe = early.recipe
                WHERE early.attempt < late.attempt AND early.sequence > late.sequence)
        """;

    public static async Task<Evidence> Of(LocalCluster cluster, string sweep)
    {
        var results = await cluster.Json("results", sweep);
        var doctor = await cluster.Run("doctor");
        return new Evidence(results["sweep"]!["digest"]?.GetValue<string>(),
            cluster.Ask("SELECT COUNT(*) FROM attempt WHERE from_epoch > 0"),
            cluster.Ask(StaleSql), cluster.Ask("SELECT COUNT(*) FROM attempt WHERE ended IS NULL"), doctor.ExitCode, doctor.Output);
    }

    /// <summary>Returns the claims that do not hold, or nothing when all is as it should be.</summary>
    /// <param name="calm">The digest of a run that nobody struck.</param>
    public IReadOnlyList<string> Against(string calm, int resumed)
    {
        var broken = new List<string>();
        if (Digest != calm) broken.Add($"digest: {Digest ?? "none"}, not the calm run's {calm}");
        if (Resumed < resumed) broken.Add($"resumed: {Resumed} attempts went on from an epoch above 0, not at least {resumed}");
        if (StaleWrites > 0) broken.Add($"stale: {StaleWrites} writes of attempts that were over were accepted");
        if (OpenAttempts > 0) broken.Add($"open: {OpenAttempts} attempts have no end");
        if (DoctorExit != 0) broken.Add($"doctor: exit code {DoctorExit}\n{Doctor}");
        return broken;
    }
}

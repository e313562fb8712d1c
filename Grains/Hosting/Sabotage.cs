namespace Grains.Hosting;

/// <summary>
/// Promises that a silo breaks on purpose, so that the tests can show that they would notice (tests/Faults/Chaos). The environment variable
/// SWEEP_SABOTAGE sets it, and Silo/Program.cs alone reads that. A silo that has it says so in its log. Nobody who wants results sets it.
/// </summary>
public enum Sabotage
{
    None,
    /// <summary>Attempts that are over may still write.</summary>
    Fence,
    /// <summary>A training that goes on keeps its weights, and its optimizer forgets its moments.</summary>
    Moments,
    /// <summary>A training that goes on begins anew.</summary>
    Restart,
}

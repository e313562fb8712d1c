namespace Grains.Hosting;

/// <summary>
/// Promises that a silo breaks on purpose, so that the tests can show that they would notice (tests/Faults/Chaos). Set by the environment variable
/// SWEEP_SABOTAGE, which Silo/Program.cs alone reads; a silo that has it says so in its log. Nobody sets it who wants results.
/// </summary>
public enum Sabotage
{
    None,
    /// <summary>Attempts that are over may write on.</summary>
    Fence,
    /// <summary>A training that goes on has its weights, and an optimizer that has forgotten its moments.</summary>
    Moments,
    /// <summary>A training that goes on begins anew.</summary>
    Restart,
}

using Grains;
using Grains.Hosting;

namespace Silo;

/// <summary>The settings on the silo's command line.</summary>
public sealed record SiloSettings
{
    /// <summary>The environment variable that replaces --postgres, because a password has no place on a command line.</summary>
    public const string PostgresVariable = "SWEEP_POSTGRES";

    /// <summary>The environment variable that breaks a promise on purpose, for the tests' own tests: fence, moments or restart.</summary>
    public const string SabotageVariable = "SWEEP_SABOTAGE";

    public required string Home { get; init; }

    public required string Name { get; init; }

    public required int SiloPort { get; init; }

    public required int GatewayPort { get; init; }

    public required int Slots { get; init; }

    /// <summary>The bytes for all slots together, or null for what the process may have.</summary>
    public required long? Memory { get; init; }

    public required string? Postgres { get; init; }

    public required bool Lifeline { get; init; }

    public required bool TraceConsole { get; init; }

    public required Sabotage Sabotage { get; init; }

    public required Uri? Otlp { get; init; }
}

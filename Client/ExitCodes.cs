namespace Client;

/// <summary>Defines what a command's exit code says. No other place knows the codes.</summary>
internal static class ExitCodes
{
    public const int Done = 0;
    public const int Unexpected = 1;
    public const int BadInput = 2;
    public const int NoCluster = 3;
    public const int FailedTrials = 4;
    public const int Unwell = 5;
    public const int Interrupted = 130;

    /// <summary>The table of codes that --help shows.</summary>
    public const string Help =
        """
        Exit codes:
          0    done
          1    unexpected: a mistake of this program or of a silo
          2    bad input: a wrong option, file or ID
          3    no cluster reachable, or one of another version
          4    the sweep ended with failed trials, or was cancelled
          5    `doctor`, `verify` or `--chaos` found something wrong
          130  interrupted
        """;
}

using System.CommandLine;

namespace Client.Commands;

internal static class ClusterCommand
{
    public static Command Create() => new("cluster", "A local cluster of silo processes on this machine.")
    {
        ClusterUpCommand.Create(),
        ClusterStatusCommand.Create(),
        ClusterLogsCommand.Create(),
        ClusterDownCommand.Create(),
    };
}

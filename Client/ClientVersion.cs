using System.Reflection;

namespace Client;

/// <summary>The version that a client and its silos must share.</summary>
internal static class ClientVersion
{
    public static string Full { get; } =
        typeof(ClientVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    /// <summary>Builds of one version talk to each other, because what follows the + only names the commit.</summary>
    public static bool Speaks(string silos) => Core(silos) == Core(Full);

    private static string Core(string version) => version.Split('+')[0];
}

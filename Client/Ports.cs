using System.Security.Cryptography;
using Client.LocalCluster;

namespace Client;

/// <summary>
/// The numbers in silos' addresses. They name sockets in the home (ADR 14), so no other program can take one. They are drawn at random, so
/// that the addresses of two homes differ.
/// </summary>
internal static class Ports
{
    private const int First = 20_000, Last = 32_000;

    public static int Find(IReadOnlySet<int> taken)
    {
        int port;
        do port = RandomNumberGenerator.GetInt32(First, Last + 1);
        while (taken.Contains(port));
        return port;
    }
}

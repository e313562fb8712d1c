namespace Grains.Interfaces.Model;

/// <summary>What a silo's exit code says to who started it, beside 0; the numbers are those of sysexits.h.</summary>
public static class SiloExit
{
    /// <summary>Its storage cannot be used just now (the disk is full, the server is away): start it again in a while.</summary>
    public const int StorageAway = 75;

    /// <summary>It cannot run until a person mends something (a damaged database, an option that breaks a rule): its last words say what.</summary>
    public const int Unusable = 78;
}

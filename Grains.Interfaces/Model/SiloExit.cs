namespace Grains.Interfaces.Model;

/// <summary>The exit codes, beside 0, by which a silo tells who started it how it ended. The numbers are those of sysexits.h.</summary>
public static class SiloExit
{
    /// <summary>Its storage cannot be used just now (the disk is full, the server is away), so start it again in a while.</summary>
    public const int StorageAway = 75;

    /// <summary>
    /// It cannot run until a person mends something (a damaged database, an option that breaks a rule). Its last words say what.
    /// </summary>
    public const int Unusable = 78;
}

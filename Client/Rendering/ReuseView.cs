namespace Client.Rendering;

/// <summary>Says how much of a sweep is known already.</summary>
internal static class ReuseView
{
    /// <summary>Returns a text such as "65 → 40 epochs to train": the sum of the budgets, and what is left of it.</summary>
    public static string Text(long asked, long toTrain) =>
        $"{Words.Count(asked)} → {Words.Count(toTrain)} {(toTrain == 1 ? "epoch" : "epochs")} to train";
}

using Client.Rendering;
using Spectre.Console;

namespace Tests.Unit.Rendering;

public sealed class LabelTests
{
    [Fact]
    public void DrawnValuesHaveFourSignificantDigits() =>
        Assert.Equal(["0.1235", "3.142e-5", "0.3"], Label.Rounded(["0.12345678901234568", "3.1415926535897935e-5", "0.3"]));

    [Fact]
    public void ValuesThatFourDigitsWouldMakeEqualHaveMore() =>
        Assert.Equal(["0.123451", "0.123452", "0.9"], Label.Rounded(["0.123451", "0.123452", "0.9"]));

    [Fact]
    public void CountsAndWordsAreNotRounded() =>
        Assert.Equal(["123456", "relu", "[300, 150]", "true"], Label.Rounded(["123456", "relu", "[300, 150]", "true"]));

    [Fact]
    public void ANameIsShownAsItIsAlsoWhereItLooksLikeASetting() =>
        Assert.Equal(["rate=0.123456789"], Label.Fit([Label.Of("rate=0.123456789", "")], 80));

    [Fact]
    public void AValueWithSpacesStaysOne() =>
        Assert.Equal(["filters=[8, 8] rate=0.5"], Label.Fit([Label.Of(null, "filters=[8, 8] rate=0.5")], 80));

    [Fact]
    public void WhereRoomIsShortWhatAllHaveInCommonGoesFirst()
    {
        Label[] labels = [Label.Of(null, "batch_norm=true learning_rate=0.1"), Label.Of(null, "batch_norm=true learning_rate=0.2")];
        Assert.Equal(["learning_rate=0.1", "learning_rate=0.2"], Label.Fit(labels, 20));
        Assert.Equal(["lr=0.1", "lr=0.2"], Label.Fit(labels, 10));
    }

    [Theory, InlineData(8), InlineData(12), InlineData(20)]
    public void DifferentLabelsStayDifferentAndFit(int room)
    {
        Label[] labels = [.. Enumerable.Range(1, 6).Select(n => Label.Of($"the same long beginning of a name, then {n}", "")),
            Label.Of("漢字の名前はとても長いです", "")];
        var shown = Label.Fit(labels, room);
        Assert.All(shown, l => Assert.True(l.GetCellWidth() <= room, l));
        Assert.Equal(labels.Length, shown.Distinct().Count());
    }
}

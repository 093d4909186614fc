"""The movable things of each kind of room."""

from __future__ import annotations

CLUTTER = {
    "kitchen": (
        *("Kettle", "Pot", "Pan", "Bowl", "Mug", "Cup", "Plate", "Bread", "Apple", "Tomato", "Lettuce", "Potato"),
        *("PepperShaker", "SaltShaker", "SoapBottle", "PaperTowelRoll", "WineBottle", "Knife", "Spatula", "Fork"),
        *("Egg", "Bottle", "Ladle", "Spoon", "ButterKnife", "AluminumFoil"),
    ),
    "living_room": (
        *("RemoteControl", "Book", "Newspaper", "Candle", "Mug", "CellPhone", "KeyChain", "CreditCard", "Pencil"),
        *("TissueBox", "Watch", "Bowl", "Pen", "CD", "Plate"),
    ),
    "bedroom": (
        *("Book", "CellPhone", "Pen", "Pencil", "CD", "KeyChain", "Mug", "CreditCard", "Watch", "Cloth"),
        *("RemoteControl", "TissueBox", "AlarmClock"),
    ),
    "bathroom": (
        *("SoapBar", "SoapBottle", "SprayBottle", "Candle", "Cloth", "TissueBox", "ToiletPaper", "PaperTowelRoll"),
        "Cup",
    ),
}
MIDDLE_SIZED = {
    "kitchen": ("Box", "Vase", "Laptop", "Statue", "HousePlant", "WateringCan", "TableTopDecor"),
    "living_room": (
        *("Laptop", "Vase", "Statue", "Box", "TeddyBear", "TableTopDecor", "DeskLamp", "WateringCan"),
        "Kettle",
    ),
    "bedroom": ("Laptop", "Desktop", "Vase", "Statue", "Box", "TeddyBear", "DeskLamp", "TableTopDecor"),
    "bathroom": ("Box", "Vase", "Statue", "WateringCan", "TableTopDecor", "TeddyBear", "Kettle"),
}
ON_THE_FLOOR = {
    "kitchen": ("GarbageCan", "HousePlant", "Stool", "Box", "GarbageBag", "BasketBall", "VacuumCleaner"),
    "living_room": (
        *("HousePlant", "BasketBall", "Box", "GarbageCan", "TeddyBear", "Footstool", "DogBed", "Stool"),
        *("FloorLamp", "Ottoman", "RoomDecor", "TennisRacket"),
    ),
    "bedroom": (
        *("LaundryHamper", "BasketBall", "Box", "GarbageCan", "HousePlant", "TeddyBear", "Boots", "Dumbbell"),
        *("FloorLamp", "Stool", "Safe", "BaseballBat"),
    ),
    "bathroom": (
        *("GarbageCan", "LaundryHamper", "HousePlant", "Plunger", "ScrubBrush", "Stool", "Box", "WashingMachine"),
        "Footstool",
    ),
}
AT_THE_WALL = frozenset(
    {
        *("HousePlant", "GarbageCan", "LaundryHamper", "FloorLamp", "Plunger", "ScrubBrush", "WashingMachine"),
        *("Safe", "RoomDecor", "VacuumCleaner"),
    }
)
